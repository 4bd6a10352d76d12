"""Plans, decisions and outcomes of a change: pure functions; the workflows act on them."""
