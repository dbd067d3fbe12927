"""Stand-ins for what only the platform has."""
