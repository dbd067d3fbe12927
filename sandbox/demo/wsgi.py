"""The demo as a WSGI application; the database must have been migrated."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from django.db import connections  # noqa: E402

from sandbox.demo.models import create_accounts  # noqa: E402
from sandbox.demo.runtime import load_rooms  # noqa: E402

# Rooms are loaded before the first request: a handler may be asked before any page was shown.
create_accounts()
load_rooms()
connections.close_all()
