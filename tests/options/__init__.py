"""Tests of what authors may choose."""
