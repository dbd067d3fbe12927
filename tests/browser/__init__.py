"""The demo in a real browser, as people meet it."""
