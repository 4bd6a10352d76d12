"""One lab from boot to removal, as whoever runs this; prints what was seen as JSON.

``python scenario.py STATE_DIR`` with a kit in the user's cache.
"""

import json
import os
import sys
from pathlib import Path

from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.frr.process import Process
from netmgr.lab.kit import LabKit
from netmgr.model.lab import LabInterface, LabLink, LabNetwork, LabNode
from tests.lab.bench import Bench, descendants, ignore, living
from tests.waiting import wait_until

ROUTERS = ("r1", "r2", "r3", "r4")


def square() -> LabNetwork:
    """Four routers in a ring, each with eth1 to the next and eth2 to the one before."""
    interfaces = (LabInterface(name="eth1", mtu=9000), LabInterface(name="eth2", mtu=9000))
    nodes = tuple(LabNode(device=name, platform="frr", interfaces=interfaces, lldp=True) for name in ROUTERS)
    pairs = zip(ROUTERS, (*ROUTERS[1:], ROUTERS[0]), strict=True)
    return LabNetwork(
        client="ring", nodes=nodes, links=tuple(LabLink(a=(a, "eth1"), b=(b, "eth2")) for a, b in pairs)
    )


def main(state_dir: Path) -> None:
    """Boot, use and remove the lab."""
    lab = FrrLab(state_dir, LabKit())
    bench = Bench(lab, state_dir, lab.up(square(), ignore))
    try:
        supervisor = Process.read(state_dir / "ring" / "supervisor.json")
        assert supervisor
        processes = descendants(supervisor.pid)
        seen = use(bench)
    finally:
        down = [lab.down("ring"), lab.down("ring")]
    seen["owners"] = sorted({process.owner for process in processes.values()})
    seen["down"] = down
    seen["left"] = [*sorted(processes.keys() & living().keys()), *map(str, state_dir.iterdir())]
    print(json.dumps(seen))


def use(bench: Bench) -> dict[str, object]:
    """What an engineer does with the lab, and what came of it."""
    bench.becomes(dict.fromkeys(ROUTERS, True))
    seen: dict[str, object] = {"uid": os.getuid()}
    seen["daemons"] = sorted(bench.console("r2", "vtysh", "-c", "show daemons").split())
    bench.console("r1", "ip", "address", "add", "10.0.0.0/31", "dev", "eth1")
    bench.console("r2", "vtysh", "-c", "configure", "-c", "interface eth2", "-c", "ip address 10.0.0.1/31")
    seen["ping"] = "1 received" in bench.console(
        "r1", "ping", "-c", "1", "-M", "do", "-s", "8972", "10.0.0.1"
    )
    wait_until(lambda: len(heard(bench)) == 2, seconds=30)
    seen["lldp"] = heard(bench)
    answer = bench.ssh("r3", "id -un; hostname; vtysh -c 'show daemons' | wc -w")
    seen["ssh"] = [answer.returncode, answer.stdout, answer.stderr]
    terminal = bench.ssh("r3", options=["-tt"], text="tty\nvtysh -c 'show version'\nexit\n")
    seen["terminal"] = [terminal.returncode, "/dev/pts/0" in terminal.stdout, "FRRouting" in terminal.stdout]
    bench.console("r4", "ip", "link", "set", "eth0", "down")
    seen["cut off"] = [
        bench.ready()["r4"],
        bench.ssh("r4", "hostname").returncode,
        bench.console("r4", "hostname"),
    ]
    return seen


def heard(bench: Bench) -> dict[str, str]:
    """The neighbor on each interface of r1, by LLDP."""
    pairs = [
        line.split("=", 1)
        for line in bench.console("r1", "lldpcli", "-f", "keyvalue", "show", "neighbors").splitlines()
    ]
    return {key.split(".")[1]: value for key, value in pairs if key.endswith(".chassis.name")}


main(Path(sys.argv[1]))
