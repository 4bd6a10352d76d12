"""Junos's configuration hierarchy, as far as the emulated device knows it: hierarchy.txt, as grammar.py reads it.

From the CLI reference of Junos OS ("Configuration Statement Hierarchy"); what is not here is a syntax error, as it is
on a device for what its release does not know. The order at the top level is that of newer releases (the capture of
25.4); ``OLDER`` is that of the capture of 17.4.
"""

from functools import cache
from pathlib import Path

from netmgr.lab.emulated.junos.grammar import Statement, read_grammar

#: Where the capture of 17.4 has another order, or releases of its time are documented with one.
OLDER: dict[tuple[str, ...], tuple[str, ...]] = {
    (): (
        "routing-options",
        "protocols",
        "policy-options",
        "class-of-service",
        "firewall",
        "routing-instances",
    ),
    ("system", "services"): ("ssh", "netconf"),
    ("routing-options",): ("rib", "static", "router-id", "autonomous-system"),
}


def hierarchy(version: str) -> Statement:
    """The root of the hierarchy as devices of a release have it.

    Between 17.4 and 25.4 some of the order changed; where exactly, the captures do not say.
    """
    return _hierarchy(older=int(version.partition(".")[0]) < 18)


@cache
def _hierarchy(*, older: bool) -> Statement:
    root = read_grammar((Path(__file__).parent / "hierarchy.txt").read_text("utf-8"))
    for path, names in OLDER.items() if older else ():
        statement = root
        for word in path:
            statement = statement.named[word]
        _reorder(statement.named, names)
    return root


def _reorder(named: dict[str, Statement], names: tuple[str, ...]) -> None:
    """These statements in this order, at the place of the first of them. The dictionary is changed, not replaced."""
    before = dict(named)
    first = min(list(before).index(name) for name in names)
    rest = [name for name in before if name not in names]
    rest[first:first] = names
    named.clear()
    named.update((name, before[name]) for name in rest)
