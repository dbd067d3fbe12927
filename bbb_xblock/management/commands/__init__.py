"""Each command reads its options, makes one call, and prints."""
