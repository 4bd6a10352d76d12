"""config/people.yaml → People."""

import re
from collections.abc import Collection, Iterator

from netmgr.adapters.schema_problems import validated
from netmgr.adapters.yaml_lines import parse
from netmgr.errors import InputError
from netmgr.model.fields import shown
from netmgr.model.origins import Doubtful, LocatedDict, Origin, Problem, locate
from netmgr.model.people import EVERY_CLIENT, People, Person, PersonEntry
from netmgr.model.suggest import did_you_mean

PEOPLE = "config/people.yaml"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")


def read_people(content: bytes | Problem | None, *, clients: Collection[str]) -> People:
    """Everybody that the file's content names, id → person; nobody where there is no file.

    ``clients`` are those that roles may name. Raises InputError with every problem.
    """
    if content is None:
        return People()
    problems: list[Problem] = []
    file = None
    if isinstance(content, Problem):
        problems.append(content)
    else:
        file = parse(content, PEOPLE, problems)
    people = {}
    for name, entry in (file or {}).items():
        person = _person(name, entry, locate(file, (name,), Origin(PEOPLE, 1)), problems)
        if person:
            people[person.id] = person
    if file is not None:
        problems += _shared(file, people)
        problems += _unknown_clients(file, people, clients)
    if problems:
        raise InputError([str(problem) for problem in sorted(set(problems))])
    return People(people=people)


def _person(name: object, entry: object, origin: Origin, problems: list[Problem]) -> Person | None:
    if not isinstance(name, str) or not _ID.fullmatch(name):
        problems.append(
            Problem(origin, f"{shown(name)} is not a person's id; write letters, digits, . _ -, at most 63")
        )
    elif not isinstance(entry, Doubtful):
        known = validated(PersonEntry, entry, problems, origin)
        if known:
            return Person(
                id=name,
                name=known.name,
                logins=known.logins,
                keys=known.keys,
                roles=known.roles,
                rate_class=known.rate_class,
                cost=known.cost,
                email=known.email,
                phone=known.phone,
                valid=known.valid,
            )
    return None


def _shared(file: LocatedDict, people: dict[str, Person]) -> Iterator[Problem]:
    """Logins and keys that two people have: nobody could tell who acted."""
    holders: dict[tuple[str, str], str] = {}
    for person in people.values():
        for kind, values in (("logins", person.logins), ("keys", person.keys)):
            for index, value in enumerate(values):
                first = holders.setdefault((kind, value), person.id)
                if first != person.id:
                    origin = locate(file, (person.id, kind, index), file.origin)
                    what = f"login {value}" if kind == "logins" else "key"
                    yield Problem(origin, f"{person.id}: the {what} is also {first}'s; give each their own")


def _unknown_clients(
    file: LocatedDict, people: dict[str, Person], clients: Collection[str]
) -> Iterator[Problem]:
    for person in people.values():
        for client in person.roles:
            if client != EVERY_CLIENT and client not in clients:
                origin = locate(file, (person.id, "roles", client), file.origin)
                yield Problem(origin, f"{person.id}: no client {client}; {did_you_mean(client, clients)}")
