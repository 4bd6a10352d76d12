"""Lines that the inventory gives word for word: whether Junos' configuration keeps them as they are."""

from collections.abc import Iterator

from netmgr.platforms.form import VerbatimProblem
from netmgr.platforms.junos.canonical import canonical
from netmgr.platforms.junos.text import command


def verbatim_problems(section: tuple[str, ...], lines: tuple[str, ...]) -> Iterator[VerbatimProblem]:
    """Problems of ``lines``, each a whole command (``set system ports console type vt100``): it says its own path."""
    if section:
        yield VerbatimProblem("section", 0, "a command says its whole path; write no section on junos")
        return
    for index, line in enumerate(lines):
        try:
            action, _ = command(line)
        except ValueError as error:
            yield VerbatimProblem(
                "lines", index, f"{error}; write it like set system ports console type vt100"
            )
            continue
        if action not in ("set", "deactivate", "protect"):
            yield VerbatimProblem("lines", index, f"{action} is no part of a configuration; remove the line")
        elif action == "set" and not canonical(line):
            yield VerbatimProblem("lines", index, "is nothing that is compared or sent; remove it")
