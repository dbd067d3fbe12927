"""The use cases of a live session. Plain values in, plain values out; the only writers of rows."""
