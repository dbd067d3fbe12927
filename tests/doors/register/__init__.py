"""Tests of the register as HTML."""
