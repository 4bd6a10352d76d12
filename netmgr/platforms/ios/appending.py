"""Lists to which IOS only ever appends: what stays keeps its place, and what is new comes last.

`configure replace` compares lines, not their order, so it cannot put a new line before one that stays. Which server is
asked first, and which entry matches first, is not for the device to choose: such a change is refused before it begins.
"""

import re

#: Lines of one list begin with the same words. Those of access lists are compared in their order, by IOS itself.
_LISTS = re.compile(
    r"(ip name-server (?:vrf \S+ )?|ip as-path access-list \S+ |ip community-list (?:standard|expanded) \S+ )\S.*"
)


def misplaced(candidate: str, shown: str) -> str | None:
    """Why the device cannot get from what it shows to the candidate; None where it can. Both as the device has them."""
    there = _lists(shown)
    for beginning, wanted in _lists(candidate).items():
        before = there.get(beginning, [])
        becomes = [line for line in before if line in wanted] + [
            line for line in wanted if line not in before
        ]
        for first, instead in zip(wanted, becomes, strict=True):
            if first != instead:
                return (
                    f"IOS appends to this list, and cannot put '{first}' before '{instead}': put it last,"
                    f" or take '{instead}' out in a change of its own"
                )
    return None


def _lists(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if match := _LISTS.fullmatch(line.rstrip()):
            found.setdefault(match[1], []).append(line.rstrip())
    return {beginning: list(dict.fromkeys(lines)) for beginning, lines in found.items()}
