"""Nouns: frozen values without I/O, clock, environment or randomness."""
