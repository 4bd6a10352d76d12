"""Larch's configurations in one spelling, and what of them is secret.

Pure: text in, text out. netmgr compares nothing but these texts, stores them as snapshots and loads them again.
"""

import re

#: Lines that say what is so anyway, or what only the device can say. Each has its reason.
_DROPPED = (
    r"# .*",  # when it was saved, and by which version
    r"  mtu 1500",  # the default, which the device writes down
)
#: Larch shows sections in the order in which they were made; nothing depends on it.
_ORDER = ("hostname ", "dns ", "ntp ", "snmp ", "interface ", "route ")
_SECRET = re.compile(r"(snmp community )(\S+)")


def canonical(text: str) -> str:
    """Sections in a fixed order, lines in their alphabet, without what is dropped. Canonical texts stay as they are."""
    sections: dict[str, list[str]] = {}
    around = ""
    for row in text.splitlines():
        line = row.rstrip()
        if not line or any(re.fullmatch(pattern, line) for pattern in _DROPPED):
            continue
        if line.startswith("  "):
            sections[around].append(line)
        else:
            around = line
            sections.setdefault(around, [])
    lines = []
    for section in sorted(sections, key=lambda line: (_place(line), _natural(line))):
        lines += [section, *sorted(dict.fromkeys(sections[section]))]
    return "".join(f"{line}\n" for line in lines)


def redacted(text: str) -> str:
    """Equal secrets stay equal, and nothing tells which they are."""
    numbers: dict[str, int] = {}

    def hide(match: re.Match[str]) -> str:
        return f"{match[1]}<secret {numbers.setdefault(match[2], len(numbers) + 1)}>"

    return _SECRET.sub(hide, text)


def is_empty(text: str) -> bool:
    """Whether a fresh Larch runs it."""
    return all(line.startswith("hostname ") for line in text.splitlines())


def _place(line: str) -> int:
    return next((place for place, word in enumerate(_ORDER) if line.startswith(word)), len(_ORDER))


def _natural(line: str) -> list[tuple[int, int | str]]:
    """port2 before port10."""
    return [(0, int(part)) if part.isdigit() else (1, part) for part in re.split(r"(\d+)", line)]
