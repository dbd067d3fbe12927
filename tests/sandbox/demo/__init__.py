"""Tests of the demo site and its launcher."""
