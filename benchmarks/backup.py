"""Every router backed up: `python -m benchmarks.backup [ROUTERS [ROUNDS]]`."""

import subprocess
import sys
from pathlib import Path

from benchmarks.audit import SHOW
from benchmarks.figures import Contender, Work, here
from benchmarks.routers import NETMGR, Ring, routers


def trust(workspace: Path) -> None:
    """Somebody who can open the backups, kept elsewhere."""
    key = subprocess.run(
        [NETMGR, "backup", "key", "offline.key"],
        cwd=workspace,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    settings = workspace / "config/netmgr.yaml"
    settings.write_text(f"{settings.read_text()}\nbackups: {{recipients: [{key}]}}\n")


def by_netmiko(ring: Ring) -> None:
    """What most people have: fetched by Nornir's threads, written in clear, committed by git."""
    devices = {device["device"]: device for device in ring.devices}
    place = ring.workspace / "plain"
    git = ["git", "-C", str(place), "-c", "user.name=x", "-c", "user.email=x@localhost"]
    if not place.exists():
        place.mkdir()
        subprocess.run([*git, "init", "-q"], check=True)

    def fetch(name: str) -> None:
        connection = ring.netmiko(devices[name])
        (place / name).write_text(connection.send_command(SHOW, read_timeout=60))
        connection.disconnect()

    ring.by_nornir(fetch)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "backup"], check=True)


def measured(count: int = 100, rounds: int = 3, ring: Ring | None = None) -> list[Work]:
    """Rounds of every contender, one after the other on the same routers; before each all of them change."""
    if ring is None:
        with routers(count) as booted:
            return measured(count, rounds, booted)
    changed = Contender(
        "netmgr backup run, all changed",
        "the whole command: running, startup, facts; judged, encrypted to two keys, committed, flushed, logged",
    )
    equal = Contender("netmgr backup run, none changed", "the same; a keyed digest says that nothing is new")
    nornir = Contender(
        "Nornir, netmiko and git", "running alone, in clear, nothing judged; Python's start left out"
    )
    floor = Contender("OpenSSH", "floor: running fetched, nothing kept")
    work = Work(
        f"Back {count} real routers up",
        "wall s",
        "20 s for 100 routers",
        [changed, equal, nornir, floor],
        devices=count,
        note="The routers share the station's cores; CPU is the station's.",
    )
    trust(ring.workspace)
    by_netmiko(ring)  # imports
    for number in range(rounds):
        if number:
            ring.by_ssh(f"vtysh -c 'configure terminal' -c 'ip route 192.0.2.{number}/32 blackhole'")
        spent = ring.netmgr("backup", "run")
        changed.add(spent.wall, spent.cpu)
        spent = ring.netmgr("backup", "run")
        equal.add(spent.wall, spent.cpu)
        nornir.add(*here(lambda: by_netmiko(ring)))
        floor.add(*here(lambda: ring.by_ssh(SHOW)))
    return [work]


if __name__ == "__main__":
    for each in measured(*map(int, sys.argv[1:])):
        print(each.table())
