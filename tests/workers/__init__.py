"""A site with a queue on Redis and a real Celery worker, and a class that is held on it."""
