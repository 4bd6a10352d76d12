"""From the canonical form to what `configure replace` takes: a whole configuration as this device would show it.

IOS compares the file with what runs, line by line, and undoes what is not in the file. So the lines that the canonical
form leaves out must stand in it as the device shows them.
"""

import re

from netmgr.platforms.cli_tree import Line, read, write
from netmgr.platforms.ios.canonical import DIALECT, LOGICAL, hidden
from netmgr.platforms.ios.spelling import clear

#: Left out of the canonical form, and part of the file.
_KEPT = re.compile(r"version .*|boot-(?:start|end)-marker|license udi .*")
_NO_ADDRESS = "no ip address"
_WITH_ADDRESS = ("ip address ", "ip unnumbered ", "switchport ")


def candidate(canonical: str, running: str) -> str:
    """What is loaded to replace ``running``, as the device shows it, with ``canonical``."""
    shown = read(running, DIALECT)
    sections = {line.text: line for line in shown}
    wanted = read(canonical, DIALECT)
    there = {line.text for line in wanted}
    # An interface that is part of the device cannot be left out: it is shown without settings.
    wanted += [
        Line(line.text)
        for line in shown
        if line.text.startswith("interface ") and line.text not in there and not LOGICAL.fullmatch(line.text)
    ]
    for line in wanted:
        _complete(line, sections.get(line.text))
        if line.text.startswith("banner "):
            _mark(line)
    kept = [line for line in shown if _KEPT.fullmatch(line.text) or _default(line.text, there)]
    return write([*kept, *wanted], DIALECT) + "end\n"


def _default(line: str, wanted: set[str]) -> bool:
    """Whether a line only says what holds unless something else is wanted."""
    opposite = line.removeprefix("no ") if line.startswith("no ") else f"no {line}"
    return hidden("", line) and opposite not in wanted


def _complete(line: Line, shown: Line | None) -> None:
    if shown is None:
        # A new interface is shown with what it lacks.
        if LOGICAL.fullmatch(line.text) and not any(
            each.text.startswith(_WITH_ADDRESS) for each in line.children
        ):
            line.children.append(Line(_NO_ADDRESS))
        return
    own = {clear(each.text): each for each in shown.children}
    for each in line.children:
        if each.text in own:
            # A secret that stays is left in the device's own spelling: told anew it might be another ciphertext.
            each.text, before = own[each.text].text, own[each.text]
            _complete(each, before)
    line.children += [
        each for each in shown.children if hidden(line.text, each.text) and each.text != _NO_ADDRESS
    ]
    routed = any(each.text == _NO_ADDRESS or each.text.startswith("ip address ") for each in shown.children)
    if routed and not any(each.text.startswith(_WITH_ADDRESS) for each in line.children):
        line.children.append(Line(_NO_ADDRESS))


def _mark(banner: Line) -> None:
    """In a file a banner's mark is the control character itself, which IOS shows as ^C."""
    banner.text = banner.text.replace("^C", "\x03")
    banner.block = tuple(row.replace("^C", "\x03") for row in banner.block)
