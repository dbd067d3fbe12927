"""Commands of the platform's ``manage.py``."""
