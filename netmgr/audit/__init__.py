"""Audits: what a device's running configuration is worth beside the intended one. Pure functions."""
