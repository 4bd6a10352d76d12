"""A canonical EOS configuration's sections, as the parts that compare configurations look at them."""

from collections.abc import Mapping

Sections = Mapping[str, tuple[str, ...]]


def sections(config: str) -> Sections:
    """Each section of the top level with its lines, without the three blanks before them; deeper ones keep theirs."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in config.splitlines():
        if line.startswith(" "):
            lines.append(line[3:])
        else:
            lines = found.setdefault(line, [])
    return {header: tuple(content) for header, content in found.items()}


def speaker(found: Sections) -> tuple[str, tuple[str, ...]]:
    """The BGP speaker's line and lines; both empty where there is none."""
    return next(((name, lines) for name, lines in found.items() if name.startswith("router bgp ")), ("", ()))
