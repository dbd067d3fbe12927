"""A stand-in of the demo for the platform's module of the same name, not the platform's own."""


class NotFoundError(Exception):
    """There is no such file."""
