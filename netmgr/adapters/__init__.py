"""The world: one module for each technology, behind a port."""
