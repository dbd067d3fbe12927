"""A stand-in of the demo, not the platform: only what the package asks for is here."""
