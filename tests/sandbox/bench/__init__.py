"""Tests of the bench: its arithmetic, its tables, its client, and one small run."""
