"""Every router's configuration fetched and compared: `python -m benchmarks.audit [ROUTERS [ROUNDS]]`."""

import difflib
import sys

from benchmarks.figures import Contender, Work, here
from benchmarks.routers import Ring, routers

SHOW = "vtysh -c 'show running-config'"


def by_netmiko(ring: Ring) -> None:
    """Fetch and compare in plain Nornir's threads."""
    devices = {device["device"]: device for device in ring.devices}

    def fetch(name: str) -> None:
        connection = ring.netmiko(devices[name])
        running = connection.send_command(SHOW, read_timeout=60)
        connection.disconnect()
        startup = "\n".join(running.splitlines())
        list(difflib.unified_diff(startup.splitlines(), running.splitlines()))

    ring.by_nornir(fetch)


def measured(count: int = 100, rounds: int = 3, ring: Ring | None = None) -> list[Work]:
    """Rounds of every contender, one after the other on the same routers."""
    if ring is None:
        with routers(count) as booted:
            return measured(count, rounds, booted)
    netmgr = Contender(
        "netmgr audit",
        "the whole command: inventory, render, fetch running and startup, daemons, interfaces; compare, findings, "
        "a log entry for each device",
    )
    command = Contender("Ansible `command`", "fetch only, nothing compared")
    raw = Contender("Ansible `raw`", "fetch only, nothing compared")
    nornir = Contender("Nornir and netmiko", "fetch, difflib with a text at hand; Python's start left out")
    floor = Contender("OpenSSH", "floor: fetch only")
    work = Work(
        f"Audit {count} real routers",
        "wall s",
        "no figure is promised",
        [netmgr, command, raw, nornir, floor],
        devices=count,
        note="The routers share the station's cores; CPU is the station's.",
    )
    by_netmiko(ring)  # imports
    for _ in range(rounds):
        spent = ring.netmgr("audit", "--detailed-exitcode")
        netmgr.add(spent.wall, spent.cpu)
        for contender, module in ((command, "command"), (raw, "raw")):
            spent = ring.ansible(module, SHOW)
            contender.add(spent.wall, spent.cpu)
        nornir.add(*here(lambda: by_netmiko(ring)))
        floor.add(*here(lambda: ring.by_ssh(SHOW)))
    return [work]


if __name__ == "__main__":
    for each in measured(*map(int, sys.argv[1:])):
        print(each.table())
