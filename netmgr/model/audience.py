"""For whom a report is made."""

from typing import Final, Literal, get_args

Audience = Literal["manager", "technical"]
"""A report for managers has no diffs, addresses or names of engineers."""

AUDIENCES: Final[tuple[Audience, ...]] = get_args(Audience)
