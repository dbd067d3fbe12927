"""Tests of the block, through block.handle and block.render."""
