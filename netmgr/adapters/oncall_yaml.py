"""config/oncall.yaml → who is on call, every mistake with its file and line."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from netmgr.adapters.inventory_files import read_file
from netmgr.adapters.schema_problems import validated
from netmgr.adapters.yaml_lines import parse
from netmgr.errors import InputError
from netmgr.model.fields import ID_FORM, shown
from netmgr.model.names import ID_PATTERN
from netmgr.model.origins import Doubtful, LocatedDict, Origin, Problem, locate
from netmgr.model.origins import Path as Keys
from netmgr.model.people import EVERY_CLIENT
from netmgr.model.rota import Roster, roster_of
from netmgr.model.suggest import did_you_mean

ONCALL = "config/oncall.yaml"


class YamlRosters:
    """See ``netmgr.ports.office.Rosters``; ``clients`` and ``people`` give everybody whom rosters may name."""

    def __init__(
        self, root: Path, clients: Callable[[], Collection[str]], people: Callable[[], Collection[str]]
    ) -> None:
        self._root, self._clients, self._people = root, clients, people

    def check(self) -> None:
        """Raises InputError with every problem of the file."""
        self._all()

    def of(self, client: str) -> Roster | None:
        """The client's own, else the one for all. Raises InputError with every problem of the file."""
        return roster_of(self._all(), client)

    def _all(self) -> Mapping[str, Roster]:
        problems: list[Problem] = []
        content = read_file(self._root / ONCALL, ONCALL, inside=self._root)
        raw = None
        if isinstance(content, bytes):
            raw = parse(content, ONCALL, problems)
        elif content is not None:
            problems.append(content)
        found: dict[str, Roster] = {}
        for key, entry in (raw or {}).items():
            origin = locate(raw, (key,), Origin(ONCALL, 1))
            if not isinstance(key, str) or len(key) > 63 or not re.fullmatch(ID_PATTERN, key):
                problems.append(Problem(origin, f"{shown(key)} is no roster's name; {ID_FORM}"))
            elif not isinstance(entry, Doubtful) and (roster := validated(Roster, entry, problems, origin)):
                found[key] = roster
        if raw is not None:
            problems += self._unknown(raw, found)
            problems += _twice(raw, found)
        if problems:
            raise InputError([str(problem) for problem in sorted(set(problems))])
        return found

    def _unknown(self, raw: LocatedDict, found: Mapping[str, Roster]) -> Iterator[Problem]:
        """People and clients that there are not."""
        clients, people = self._clients(), self._people() if found else ()
        for name, roster in found.items():
            for index, client in enumerate(roster.clients):
                if client != EVERY_CLIENT and client not in clients:
                    at = locate(raw, (name, "clients", index), raw.origin)
                    yield Problem(at, f"{name}: no client {client}; {did_you_mean(client, clients)}")
            places: list[tuple[Keys, str]] = [
                (("people", index), person) for index, person in enumerate(roster.people)
            ]
            places += [
                (("overrides", index, "person"), one.person) for index, one in enumerate(roster.overrides)
            ]
            for path, person in places:
                if person not in people:
                    at = locate(raw, (name, *path), raw.origin)
                    hint = did_you_mean(person, people) if people else "write config/people.yaml"
                    yield Problem(at, f"{name}: {person} is nobody in config/people.yaml; {hint}")


def _twice(raw: LocatedDict, found: Mapping[str, Roster]) -> Iterator[Problem]:
    """Clients that two rosters are for: nobody could tell whom to call."""
    first: dict[str, str] = {}
    for name, roster in found.items():
        for index, client in enumerate(roster.clients):
            if (other := first.setdefault(client, name)) != name:
                whom = "every client" if client == EVERY_CLIENT else client
                at = locate(raw, (name, "clients", index), locate(raw, (name,), raw.origin))
                yield Problem(at, f"{name}: {other} is for {whom} already; name each client once")
