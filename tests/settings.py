"""Django settings of the tests.

``BBB_TEST_DATABASE=mariadb`` moves the tests from SQLite to MariaDB, which ``tests/conftest.py`` starts.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

from celery import Celery

from tests.services.mariadb_server import database_settings, socket_path

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admin",
    "bbb_xblock",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
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
ROOT_URLCONF = "tests.urls"

# Tasks run where they are queued, as soon as they are.
CELERY_TASK_ALWAYS_EAGER = True
Celery("tests").config_from_object("django.conf:settings", namespace="CELERY")

DATABASE = os.environ.get("BBB_TEST_DATABASE") or "sqlite"
if DATABASE == "mariadb":
    DATABASES = {"default": database_settings(socket_path())}
elif DATABASE == "sqlite":
    # A file, because several threads cannot write to a database in memory: it does not wait for them.
    FILE = str(Path(tempfile.gettempdir()) / f"bbb-test-{os.getpid()}.sqlite3")
    SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": FILE, "OPTIONS": {"timeout": 20}}
    DATABASES = {"default": {**SQLITE, "TEST": {"NAME": FILE}}}
else:
    raise SystemExit(f"BBB_TEST_DATABASE is {DATABASE!r}. Leave it unset for SQLite, or set it to mariadb.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
LANGUAGE_CODE = "en"
STATIC_URL = "/static/"

LMS_ROOT_URL = "https://lms.example.org"
XBLOCK_SETTINGS: dict[str, Any] = {}
