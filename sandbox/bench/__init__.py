"""The bench: counts what a whole class costs the platform and the BigBlueButton server (``make bench``)."""
