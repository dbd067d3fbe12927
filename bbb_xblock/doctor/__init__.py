"""Finds out what is wrong between this platform and its BigBlueButton servers, step by step, in plain sentences."""
