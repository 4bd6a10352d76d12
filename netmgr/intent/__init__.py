"""Inventory → resolved intent → rendered configuration: pure functions."""
