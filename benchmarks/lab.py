"""Booting real routers: `python -m benchmarks.lab [ROUTERS…]`."""

import sys

from benchmarks.figures import Contender, Work, here
from benchmarks.routers import workspace


def measured(*counts: int, rounds: int = 2) -> list[Work]:
    """Wall seconds of `netmgr lab up` until every router is ready, and of `lab down`."""
    works = []
    for count in counts or (40, 100):
        up = Contender(
            "netmgr lab up", "namespaces, links, FRR and sshd; returns when each router answers over SSH"
        )
        down = Contender("netmgr lab down", "nothing is left")
        with workspace(count) as ring:
            for _ in range(rounds):
                up.add(ring.up().wall)
                down.add(here(ring.down)[0])
        works.append(Work(f"A lab of {count} real routers", "wall s", "no figure is promised", [up, down]))
    return works


if __name__ == "__main__":
    for each in measured(*map(int, sys.argv[1:])):
        print(each.table())
