"""The attendance register: as a page, as a file, and what its script sends."""
