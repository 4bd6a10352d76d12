"""What the agreement promised for a period, and what of it was kept (pure)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """Of one period, as the log and its records know it at the report's cut."""
