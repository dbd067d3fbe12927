"""Recordings, as people and scripts reach them through the block."""
