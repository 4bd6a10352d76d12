"""Two routers that stand in for each other between two others, all of it eBGP; and a probe through the pair.

a --- p1 --- b
a --- p2 --- b, and p1 --- p2
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit
from tests.lab.site import ROOT, Site
from tests.waiting import wait_until

NAMES = ("a", "p1", "p2", "b")
HOSTS, TOPOLOGY = "inventory/pair/hosts.yaml", "inventory/pair/topology.yaml"
REDUNDANT = "redundancy: [[p1, p2]]\n"
INTERVAL = 0.05  # seconds between two probes
LINKS = (
    ("a:eth1", "p1:eth1"),
    ("a:eth2", "p2:eth1"),
    ("p1:eth2", "b:eth1"),
    ("p2:eth2", "b:eth2"),
    ("p1:eth3", "p2:eth3"),
)

FILES = {
    "config/netmgr.yaml": (
        "lab:\n  overlay:\n    bgp: {keepalive_interval: 1, hold_time: 15, connect_retry: 1}\n"
    ),
    "inventory/pair/client.yaml": "id: pair\n",
    "inventory/pair/defaults.yaml": "platform: frr\n",
    "inventory/pair/groups.yaml": "{}\n",
    HOSTS: "".join(
        f"{name}:\n  data:\n    loopback: 10.255.0.{n}\n"
        f"    bgp: {{asn: {65000 + n}, ebgp_requires_policy: false, networks: [10.255.0.{n}/32]}}\n"
        for n, name in enumerate(NAMES, 1)
    ),
    TOPOLOGY: f"entry: [a]\n{REDUNDANT}links:\n"
    + "".join(
        f'  - {{endpoints: ["{one}", "{other}"], subnet: 10.0.0.{2 * n}/31, bgp: true}}\n'
        for n, (one, other) in enumerate(LINKS)
    ),
}


class Pair(Site):
    """The client, as an engineer has it."""

    def settled(self) -> None:
        """Wait until a and b know both ways to each other."""
        for here, there in (("a", 4), ("b", 1)):
            wait_until(
                lambda here=here, there=there: self._ways(here, f"10.255.0.{there}") == 2,
                seconds=40,
                every=0.3,
            )

    def _ways(self, device: str, address: str) -> int:
        text = self.console(device, "vtysh", "-c", f"show bgp ipv4 unicast {address}/32 json")
        return text.count('"valid":true')

    def edit(self, file: str, *changes: tuple[str, str]) -> None:
        """Put texts in place of others in one of the workspace's files, for good."""
        path = self.workspace / file
        text = path.read_text()
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
            text = text.replace(old, new)
        path.write_text(text)

    def sessions(self, device: str) -> dict[str, str]:
        """A router's BGP neighbors and their states, by vtysh."""
        text = self.console(device, "vtysh", "-c", "show bgp ipv4 unicast summary json")
        return {peer: state["state"] for peer, state in json.loads(text)["peers"].items()}

    def begun(self) -> dict[str, int]:
        """How often the sessions of a with each member of the pair have come up."""
        text = self.console("a", "vtysh", "-c", "show bgp neighbors json")
        return {peer: state["connectionsEstablished"] for peer, state in json.loads(text).items()}

    @contextmanager
    def probe(self) -> Iterator["Loss"]:
        """Pings from a to b, one every 50 ms, while the body runs; afterwards what of them was lost."""
        words = FrrLab(self.workspace / ".netmgr" / "lab", LabKit()).console(
            self.client, "a", ["ping", "-n", "-O", "-i", str(INTERVAL), "-I", "10.255.0.1", "10.255.0.4"]
        )
        loss = Loss()
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as ping:
            try:
                yield loss
            finally:
                # The console's own process may be a parent of ping.
                self.console("a", "pkill", "-INT", "-x", "ping")
                text, _ = ping.communicate(timeout=20)
        loss.read(text)


@dataclass
class Loss:
    """What a probe lost. ``seconds`` counts each probe without an answer as the time between two."""

    sent: int = 0
    received: int = 0

    @property
    def seconds(self) -> float:
        return (self.sent - self.received) * INTERVAL

    def read(self, text: str) -> None:
        """From ping's last lines."""
        match = re.search(r"(\d+) packets transmitted, (\d+) received", text)
        assert match, text
        self.sent, self.received = int(match[1]), int(match[2])


@contextmanager
def pair(workspace: Path) -> Iterator[Pair]:
    """The client's lab, deployed and settled."""
    for name, text in FILES.items():
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copytree(ROOT / "templates", workspace / "templates")
    site = Pair(workspace, client="pair")
    site.run("lab", "up")
    try:
        site.deploy("-m", "first", confirm_in=120)
        site.settled()
        yield site
    finally:
        site.run("lab", "down")
