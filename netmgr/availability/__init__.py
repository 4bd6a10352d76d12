"""Availability out of samples: pure sums, and what they are proved by."""
