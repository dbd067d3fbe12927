"""What is reached from outside over HTTP: requests read, one use case asked, answers written."""
