"""What the agreement promises, and the work done for it: pure decisions over events, calendars and versions."""
