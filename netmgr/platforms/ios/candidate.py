"""From the canonical form to what `configure replace` takes: a whole configuration as this device would show it.

IOS compares the file with what runs, line by line, and undoes what is not in the file. So the lines that the canonical
form leaves out must stand in it as the device shows them.
"""

import re

from netmgr.platforms.cli_tree import Line, read, write
from netmgr.platforms.ios.access_lists import hosts_first
from netmgr.platforms.ios.canonical import DIALECT, LOGICAL, hidden, spelled, spelled_at_the_top

#: Left out of the canonical form, and part of the file.
_KEPT = re.compile(r"version .*|boot-(?:start|end)-marker|license udi .*")
_NO_ADDRESS = "no ip address"
_WITH_ADDRESS = ("ip address ", "ip unnumbered ", "switchport ")


def candidate(canonical: str, running: str) -> str:
    """What is loaded to replace ``running``, as the device shows it, with ``canonical``."""
    shown = read(running, DIALECT)
    wanted = _as_shown(read(canonical, DIALECT), shown)
    sections = {line.text: line for line in shown}
    numbered = any(_NUMBER.match(entry.text) for line in shown if _is_list(line) for entry in line.children)
    there = {line.text for line in wanted}
    # An interface that is part of the device cannot be left out: it is shown without settings.
    wanted += [
        Line(line.text)
        for line in shown
        if line.text.startswith("interface ") and line.text not in there and not LOGICAL.fullmatch(line.text)
    ]
    for line in wanted:
        if _is_list(line):
            _list(line, sections.get(line.text), numbered=numbered)
        else:
            _complete(line, sections.get(line.text), line.text)
        if line.text.startswith("banner "):
            _mark(line)
    kept = [line for line in shown if _KEPT.fullmatch(line.text) or _default(line.text, there)]
    return write([*kept, *wanted], DIALECT) + "end\n"


def _default(line: str, wanted: set[str]) -> bool:
    """Whether a line only says what holds unless something else is wanted."""
    opposite = line.removeprefix("no ") if line.startswith("no ") else f"no {line}"
    return hidden("", line) and opposite not in wanted


def _as_shown(wanted: list[Line], shown: list[Line]) -> list[Line]:
    """Lines at the top level in the device's own spelling where it shows them already, several in one if it does."""
    found = list(wanted)
    for line in shown:
        texts = spelled_at_the_top(line.text)
        if texts == [line.text] or line.text.startswith("banner "):
            continue
        at = next((i for i, each in enumerate(found) if each.text == texts[0]), None)
        here = [each for each in found if each.text in texts] if line.text.startswith("vlan ") else None
        if at is None:
            continue
        if here is None:
            here = found[at : at + len(texts)]
        if [each.text for each in here] == texts and (len(texts) == 1 or not any(e.children for e in here)):
            found[at] = Line(line.text, here[0].children, here[0].block)
            found = [each for each in found if not any(each is one for one in here)]
    return found


_NUMBER = re.compile(r"(?:sequence )?\d+ (?=permit |deny |remark )")


def _is_list(line: Line) -> bool:
    return line.text.startswith(("ip access-list ", "ipv6 access-list "))


def _list(line: Line, shown: Line | None, *, numbered: bool) -> None:
    """The entries as the device shows them: all of them where none changes; else with numbers if it shows any."""
    wanted = [each.text for each in line.children]
    if shown is not None:
        entries = [spelled(line.text, each.text) for each in shown.children]
        if wanted == (hosts_first(entries) if line.text.startswith("ip access-list standard ") else entries):
            line.children = shown.children
            return
    four, word = line.text.startswith("ip "), "" if line.text.startswith("ip ") else "sequence "
    for index, each in enumerate(line.children, start=1):
        text = re.sub(r"^deny ", "deny   ", each.text) if four else each.text
        each.text = f"{word}{10 * index} {text}" if numbered else text


def _complete(line: Line, shown: Line | None, section: str) -> None:
    if shown is None:
        # A new interface is shown with what it lacks.
        if LOGICAL.fullmatch(line.text) and not any(
            each.text.startswith(_WITH_ADDRESS) for each in line.children
        ):
            line.children.append(Line(_NO_ADDRESS))
        return
    own = {spelled(section, each.text): each for each in shown.children}
    for each in line.children:
        if each.text in own:
            # What stays is left in the device's own spelling: a secret told anew might be another ciphertext.
            before = own[each.text]
            if [row.strip() for row in each.block] == [row.strip() for row in before.block]:
                each.block = before.block
            each.text = before.text
            _complete(each, before, section)
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
