"""BigBlueButton live sessions for Open edX courses."""

__version__ = "0.1.0"
