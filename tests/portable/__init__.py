"""Tests of the way in and out for people whose links open without a session."""
