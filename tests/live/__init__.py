"""Tests on a real BigBlueButton server, for whoever has one."""
