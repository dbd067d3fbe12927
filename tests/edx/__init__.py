"""Tests of what touches the platform."""
