"""What a backup is worth: whether a reading is whole, and how long versions are kept. Pure."""
