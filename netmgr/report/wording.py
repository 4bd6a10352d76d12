"""Values as a reader sees them, and the log's words with their meanings. One place, so that all formats agree."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from netmgr.report.period import Period
from netmgr.report.section import Kind, Tone, Value

OUTCOMES: Mapping[str, tuple[str, Tone]] = {
    "applied": ("applied", "good"),
    "unchanged": ("nothing to change", "neutral"),
    "rolled_back": ("rolled back", "attention"),
    "failed": ("failed, nothing changed", "attention"),
    "refused": ("refused, nothing changed", "attention"),
    "pending": ("held, not confirmed", "bad"),
    "open": ("no end recorded", "bad"),
    "split": ("split: devices differ", "bad"),
    "in_doubt": ("in doubt", "bad"),
    "compliant": ("compliant", "good"),
    "deployed": ("as deployed", "good"),
    "drifted": ("drifted", "bad"),
    "unreachable": ("unreachable", "attention"),
    "error": ("error", "attention"),
    "changed": ("not audited since its last change", "unknown"),
    "never": ("never audited", "unknown"),
    "interrupted": ("interrupted", "attention"),
}
"""The log's words for how something ended → what a client understands, and how it is to be taken."""

CLIP = 400
NAMES = 6


def outcome(word: str) -> tuple[str, Tone]:
    """A word of the log with its meaning; one that is not known stands for itself."""
    return OUTCOMES.get(word, (word, "unknown"))


def number(count: int) -> str:
    """``1,234``."""
    return f"{count:,}"


def counted(count: int, one: str, many: str = "") -> str:
    """``1 device``, ``3 devices``."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def clock(moment: datetime, period: Period) -> str:
    """``2026-11-23 14:05``, as the client's clocks show it."""
    return f"{period.local(moment):%Y-%m-%d %H:%M}"


def exact(moment: datetime, period: Period) -> str:
    """``2026-11-23 14:05:07 +01:00``: for whoever compares it with the log."""
    local = period.local(moment)
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:5]}"


def duration(milliseconds: int) -> str:
    """``0.4 s``, ``12.4 s``, ``3 min 20 s``, ``2 h 5 min``."""
    seconds = milliseconds / 1000
    if seconds < 99.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def age(seconds: int) -> str:
    """``less than an hour``, ``5 hours``, ``3 days``: whole ones that have passed."""
    if seconds < 3600:
        return "less than an hour"
    if seconds < 48 * 3600:
        return counted(seconds // 3600, "hour")
    return counted(seconds // 86400, "day")


def clipped(text: str) -> str:
    """A long text's beginning, and how much there is of it."""
    return text if len(text) <= CLIP else f"{text[:CLIP].rstrip()} … ({number(len(text))} characters)"


def names(found: Sequence[str]) -> str:
    """Some names, and how many more there are."""
    if len(found) <= NAMES:
        return ", ".join(found)
    return f"{number(len(found))}: {', '.join(found[:NAMES])} …"


def shown(value: Value, kind: Kind, absent: str, period: Period) -> str:
    """A table's value in words. Not marked up, and not made safe for any format."""
    if value is None or value == ():
        return absent
    if isinstance(value, datetime):
        return exact(value, period) if kind == "code" else clock(value, period)
    if isinstance(value, tuple):
        return names(value)
    if isinstance(value, int):
        return {"duration": duration, "age": age}.get(kind, number)(value)
    if kind == "outcome":
        return outcome(value)[0]
    return clipped(value) if kind == "text" else value


def seconds_between(earlier: datetime, later: datetime) -> int:
    """Whole seconds; never negative."""
    return max(0, (later - earlier) // timedelta(seconds=1))
