"""Who was in a room, when, and what follows from it."""
