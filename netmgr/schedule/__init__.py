"""When jobs are due: pure decisions over cron times, time zones and what has been run."""
