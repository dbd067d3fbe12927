"""Tests of tickets, one file for each kind."""
