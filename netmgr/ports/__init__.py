"""Protocols by role: what the workflows need from the world."""
