"""The demo site and the simulated classroom server. Nothing in here is part of the package or imported by it."""
