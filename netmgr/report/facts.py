"""Reading entries: facts are what some version of netmgr wrote, so each is looked at before it is believed."""

from datetime import datetime

from netmgr.model.entry import Entry


def happened(entry: Entry) -> datetime:
    """When it happened: when it was recorded, unless the entry says otherwise."""
    return datetime.fromisoformat(entry.at or entry.time)


def whole(value: object) -> int | None:
    """A number of something, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def words(value: object) -> tuple[str, ...]:
    """A list of names; empty for anything else."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
