"""Studio's editor: the form as values, and what it sends."""
