"""What runs on the router: configuration trees, their delta, and the commit-confirm program. Standard library only."""
