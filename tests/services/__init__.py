"""What the tests need from the machine, and the servers that they start for themselves."""
