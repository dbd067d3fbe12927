"""Recordings: what is known of them, who sees them, what the course team does with them."""
