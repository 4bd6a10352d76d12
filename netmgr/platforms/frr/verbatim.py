"""Lines that the inventory gives word for word: whether FRR keeps them, and keeps them in their section."""

from collections.abc import Iterator

from napalm_frr.device.canonical import check, opens_section
from netmgr.platforms.form import VerbatimProblem

_LEAVING = ("exit", "end", "quit")
#: Lines that FRR takes and does not show, or that say nothing: the canonical form leaves them out.
_DROPPED = ("!", "#", "hostname ", "domainname ", "frr version ", "frr defaults ")


def verbatim_problems(section: tuple[str, ...], lines: tuple[str, ...]) -> Iterator[VerbatimProblem]:
    """Problems of ``lines`` in the section that the lines of ``section`` open, from the outside in.

    vtysh takes a line that its section does not know as one of the sections around it, and goes on there: such a line,
    and what follows it, would configure something else than what stands in the inventory.
    """
    for depth in range(len(section)):
        if not opens_section(section[: depth + 1]):
            yield VerbatimProblem(
                "section", depth, "opens no section there; write a line such as router ospf"
            )
            return
    text = [" " * depth + line for depth, line in enumerate(section)]
    text += [" " * len(section) + line for line in lines]
    for number, message in check("\n".join(text))[2]:
        if number > len(section):
            yield VerbatimProblem("lines", number - len(section) - 1, f"{message}; remove it")
    around: list[tuple[int, tuple[str, ...]]] = [(-1, section)]
    for index, raw in enumerate(lines):
        line, indent = " ".join(raw.split()), len(raw) - len(raw.lstrip())
        while around[-1][0] >= indent:
            around.pop()
        path = around[-1][1]
        around.append((indent, (*path, line)))
        if section and (line in _LEAVING or line.startswith("exit-")):
            yield VerbatimProblem("lines", index, "ends its section; remove it")
        elif line.startswith(_DROPPED):
            yield VerbatimProblem("lines", index, "is nothing that FRR keeps in its configuration; remove it")
        elif not opens_section((*path, line)) and any(
            opens_section((*path[:depth], line)) for depth in range(len(path))
        ):
            yield VerbatimProblem(
                "lines", index, "opens another section; write that as the section of its lines"
            )
