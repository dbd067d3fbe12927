"""Recordings: the rows that tell of them, who sees them, and how they are opened."""
