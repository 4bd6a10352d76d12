"""Pictures of a client's network: pure functions from the inventory to text."""
