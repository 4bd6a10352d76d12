"""The sections of a report: functions from material and words, and the table of them (pure)."""
