"""SQLite as the demo wants it."""
