"""Tests of the BigBlueButton protocol."""
