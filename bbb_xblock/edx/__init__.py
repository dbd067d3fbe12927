"""Everything that touches Open edX. Nothing else in the package imports the platform."""
