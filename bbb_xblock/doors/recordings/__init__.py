"""Recordings as HTML, the plain views of them, and what the course team asks of them."""
