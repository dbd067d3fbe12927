"""Tests of the editor's values."""
