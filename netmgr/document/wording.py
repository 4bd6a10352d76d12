"""Values as a reader sees them, and the log's words with their meanings. One place, so that all formats agree."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from netmgr.document.block import Kind, Tone, Value
from netmgr.document.locale import Words, msgid

OUTCOMES: Mapping[str, tuple[str, Tone]] = {
    "applied": (msgid("applied"), "good"),
    "unchanged": (msgid("nothing to change"), "neutral"),
    "rolled_back": (msgid("rolled back"), "attention"),
    "failed": (msgid("failed, nothing changed"), "attention"),
    "refused": (msgid("refused, nothing changed"), "attention"),
    "pending": (msgid("held, not confirmed"), "bad"),
    "open": (msgid("no end recorded"), "bad"),
    "split": (msgid("split: devices differ"), "bad"),
    "in_doubt": (msgid("in doubt"), "bad"),
    "compliant": (msgid("compliant"), "good"),
    "deployed": (msgid("as deployed"), "good"),
    "drifted": (msgid("drifted"), "bad"),
    "unreachable": (msgid("unreachable"), "attention"),
    "error": (msgid("error"), "attention"),
    "changed": (msgid("not audited since its last change"), "unknown"),
    "never": (msgid("never audited"), "unknown"),
    "interrupted": (msgid("interrupted"), "attention"),
    "met": (msgid("met"), "good"),
    "missed": (msgid("missed"), "bad"),
    "running": (msgid("running"), "neutral"),
    "paused": (msgid("paused"), "neutral"),
    "not_measured": (msgid("not measured"), "unknown"),
    "deploy": (msgid("deploy"), "neutral"),
    "rollback": (msgid("rollback"), "neutral"),
    "restore": (msgid("restore"), "neutral"),
    "recover": (msgid("recovery"), "neutral"),
    "compensation": (msgid("compensation"), "neutral"),
    "adopt": (msgid("adoption"), "neutral"),
}
"""The log's words for what was done and how it ended → what a client understands, and how it is to be taken."""

CLIP = 400
NAMES = 6


def outcome(word: str, words: Words) -> tuple[str, Tone]:
    """A word of the log with its meaning; one that is not known stands for itself."""
    known = OUTCOMES.get(word)
    return (words.text(known[0]), known[1]) if known else (word, "unknown")


def clipped(text: str, words: Words) -> str:
    """A long text's beginning, and how much there is of it."""
    if len(text) <= CLIP:
        return text
    return words.plural(
        "{text} … ({count} character)",
        "{text} … ({count} characters)",
        len(text),
        text=text[:CLIP].rstrip(),
    )


def names(found: Sequence[str], words: Words) -> str:
    """Some names, and how many more there are."""
    some = words.text(", ").join(found[:NAMES])
    return some if len(found) <= NAMES else words.text("{count}: {names} …", count=len(found), names=some)


def shown(value: Value, kind: Kind, absent: str, words: Words) -> str:
    """A table's value in words. Not marked up, and not made safe for any format."""
    match value:
        case None | ():
            return absent
        case datetime():
            return words.exact(value) if kind == "code" else words.clock(value)
        case date():
            return words.day(value)
        case tuple():
            return names(value, words)
        case int() if kind == "duration":
            return words.duration(value)
        case int() if kind == "age":
            return words.age(value)
        case int() | Decimal():
            return words.number(value)
        case _ if kind == "outcome":
            return outcome(value, words)[0]
        case _:
            return clipped(value, words) if kind == "text" else value
