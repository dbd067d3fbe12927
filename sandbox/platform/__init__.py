"""Stand-ins of the demo for the few platform modules which the package imports. This is not the platform."""
