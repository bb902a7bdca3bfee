"""The command line: load, build, check, publish and what surrounds them."""
