"""Settings of the demo: the Workbench's own, made quiet, closed to the network and filled with our rooms.

The launcher (``python -m sandbox.run``) gives the ports, the database and the shared secret in the environment.
"""

import os
import secrets
import sys
from pathlib import Path

from celery import Celery
from workbench.settings import INSTALLED_APPS as WORKBENCH_APPS
from workbench.settings import WORKBENCH as WORKBENCH_OPTIONS

from sandbox.demo.rooms import ROOMS

HERE = Path(__file__).resolve().parent
VAR = HERE.parent / "var"
PORT = int(os.environ.get("PORT", "8000"))
BBB_URL = os.environ.get("DEMO_BBB_URL", "http://127.0.0.1:8090/bigbluebutton/")
# A port below 1024 on which nothing listens: connections are refused at once.
CLOSED_PORT = 9

# The few platform modules which the package asks for, as stand-ins; at the end, so that a real one would win.
sys.path.append(str(HERE.parent / "platform"))

DEBUG = False
SECRET_KEY = secrets.token_urlsafe(48)
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "sandbox.demo.urls"
# The demo has no broker and no worker: tasks run at once, in the process that queues them.
CELERY_TASK_ALWAYS_EAGER = True
Celery("demo").config_from_object("django.conf:settings", namespace="CELERY")
WSGI_APPLICATION = "sandbox.demo.wsgi.application"
# Ours first: the demo's 404 and 500 pages replace the Workbench's.
INSTALLED_APPS = ["sandbox.demo", *WORKBENCH_APPS, "lms.djangoapps.lti_provider", "bbb_xblock"]
MIDDLEWARE = [
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sandbox.demo.middleware.who_am_i",
    "django.contrib.messages.middleware.MessageMiddleware",
]
CONTEXT = ("django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages")
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request", *CONTEXT]},
    }
]
DATABASES = {
    "default": {
        "ENGINE": "sandbox.demo.sqlite",
        "NAME": os.environ.get("DEMO_DATABASE", str(VAR / "demo.sqlite3")),
        # Two people may write at once: wait for the other one instead of failing.
        "OPTIONS": {"timeout": 20},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STATIC_URL = "/static/"
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django's own console handler is silent with DEBUG off, its mail handler would look for a mail server.
    # One room's server is down on purpose: a refused connection and a 503 are no news on the console.
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "CRITICAL"},
        "urllib3": {"level": "ERROR"},
        "kombu": {"level": "ERROR"},
        "bbb_xblock": {"level": "ERROR"},
    },
}

WORKBENCH = {
    **WORKBENCH_OPTIONS,
    "services": {
        **WORKBENCH_OPTIONS["services"],
        "field-data": "sandbox.demo.store.RoomFieldData",
        "user": "sandbox.demo.services.DemoUserService",
        "enrollments": "sandbox.demo.services.DemoEnrollmentsService",
        "studio_user_permissions": "sandbox.demo.services.DemoStudioPermissions",
    },
}

LMS_ROOT_URL = f"http://127.0.0.1:{PORT}"
SITE_NAME = f"127.0.0.1:{PORT}"
XBLOCK_SETTINGS = {
    "bbb": {
        "SERVERS": {
            "main": {"URL": BBB_URL, "SECRET_ENV": "DEMO_BBB_SECRET"},
            "down": {"URL": f"http://127.0.0.1:{CLOSED_PORT}/bigbluebutton/", "SECRET_ENV": "DEMO_BBB_SECRET"},
        },
        "SERVER": "main",
        "COURSES": {room.course: room.settings for room in ROOMS.values()},
        # A demo is watched: its pages ask more often than a class's need to.
        "POLL_SECONDS": 5,
        "STATUS_SECONDS": 2,
    }
}
