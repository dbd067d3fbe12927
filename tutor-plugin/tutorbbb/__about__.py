"""The version of the plugin. Nothing else, so that the build can read it without importing Tutor."""

__version__ = "0.1.0"
