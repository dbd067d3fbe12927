"""What authors may choose for a session, and how their choices are read, checked and cleaned."""

from bbb_xblock.options.table import OPTIONS, SessionOptions

__all__ = ["OPTIONS", "SessionOptions"]
