"""Tests of bbb_xblock, in the same tree as the package."""
