"""Recordings: how they come in, who sees them, what a course team does with them, and when they go.

A row stands for a recording that BigBlueButton has told of. Everything else asks the rows; only ``sweep.py`` asks for
news, and never while somebody waits for a page.
"""
