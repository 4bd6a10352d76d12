"""Two real routers and a host for the driver's tests. Every test gets them as they were booted."""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import napalm
import pytest

from napalm_frr.driver import FRRDriver
from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit
from netmgr.model.lab import LabDevice, LabInterface, LabLink, LabNetwork, LabNode

LIMIT = 60.0
STARTUP = {
    "r1": """\
ip prefix-list OURS seq 5 permit 198.18.1.0/24
ip route 198.18.1.0/24 blackhole
interface eth1
 description to r2
 ip address 10.0.0.0/31
 ip ospf area 0
 ip ospf hello-interval 1
 ip ospf dead-interval 4
 ip ospf network point-to-point
 ipv6 address 2001:db8::/127
exit
interface eth2
 ip address 10.0.2.1/24
exit
interface lo
 ip address 10.255.0.1/32
 ip ospf area 0
exit
router bgp 65001
 bgp router-id 10.255.0.1
 no bgp network import-check
 neighbor 10.0.0.1 remote-as 65002
 neighbor 10.0.0.1 description r2
 neighbor 10.0.0.1 timers connect 1
 address-family ipv4 unicast
  network 198.18.1.0/24
  neighbor 10.0.0.1 route-map OUT in
  neighbor 10.0.0.1 route-map OUT out
 exit-address-family
exit
router ospf
 ospf router-id 10.255.0.1
exit
route-map OUT permit 10
 match ip address prefix-list OURS
exit
""",
    "r2": """\
interface eth1
 ip address 10.0.0.1/31
exit
router bgp 65002
 bgp router-id 10.255.0.2
 no bgp ebgp-requires-policy
 neighbor 10.0.0.0 remote-as 65001
 neighbor 10.0.0.0 timers connect 1
exit
""",
}
# What somebody else than FRR has set up: it has to survive too.
FOREIGN = """\
address add 2001:db8:99::5/64 dev eth0 nodad
address add 10.0.2.2/24 dev eth2
address add 10.0.2.3/24 dev eth2
route add 192.0.2.0/24 via 172.30.0.1 proto static metric 50
route add 192.0.3.0/24 proto dhcp nexthop via 10.0.2.7 weight 2 nexthop via 10.0.2.8
route add unreachable 192.0.4.0/24
-6 route add 2001:db8:98::/48 via 2001:db8:99::1 proto static
"""


@dataclass
class Router:
    """A router as a test uses it: over the driver, and on its console, whatever happens to SSH."""

    lab: FrrLab
    device: LabDevice
    opened: list[FRRDriver] = field(default_factory=list)

    def console(self, *command: str, text: str | None = None, check: bool = True) -> str:
        """Run a command on the console; its output."""
        done = subprocess.run(
            self.lab.console("frrdriver", self.device.device, command),
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT,
        )
        assert done.returncode == 0 or not check, done.stdout + done.stderr
        return done.stdout

    def driver(self, timeout: int = 30, user: str = "", **options: Any) -> FRRDriver:
        """A driver that is not yet open."""
        device = self.device
        given = {"port": device.port, "key_file": device.identity, "known_hosts": device.known_hosts, **options}
        made: FRRDriver = napalm.get_network_driver("frr")(device.address, user or device.user, "", timeout, given)
        self.opened.append(made)
        return made

    def open(self, **options: Any) -> FRRDriver:
        """A driver that is open."""
        driver = self.driver(**options)
        driver.open()
        return driver

    def vtysh(self, *commands: str) -> str:
        """What vtysh prints for each command, one after the other."""
        return self.console("vtysh", *(word for command in commands for word in ("-c", command)))

    def running(self) -> str:
        """The canonical running configuration."""
        return FRRDriver.canonical(self.vtysh("show running-config"))

    def startup(self) -> str:
        """The startup file, byte by byte."""
        return self.console("cat", "/etc/frr/frr.conf")

    def kernel(self) -> dict[str, Any]:
        """Links, addresses and routes, without what passes by itself (lifetimes, duplicate address detection)."""
        links = json.loads(self.console("ip", "-j", "address"))
        return {
            "links": {link["ifname"]: sorted(set(link["flags"]) - {"LOWER_UP"}) for link in links},
            "addresses": {link["ifname"]: _addresses(link) for link in links},
            "routes": sorted(self.console("sh", "-c", "ip route; ip -6 route").splitlines()),
        }

    def state(self) -> dict[str, Any]:
        """Everything that must be as before."""
        return {"running": self.running(), "startup": self.startup(), **self.kernel()}

    def journal(self) -> list[tuple[str, str]]:
        """What the program did, as (commit id, event)."""
        lines = self.console("cat", "/var/lib/netmgr-frr/journal", check=False).splitlines()
        return [(entry["commit"], entry["event"]) for entry in map(json.loads, lines)]

    def reset(self, text: str, kernel: dict[str, Any]) -> None:
        """Bring everything back to what was booted, by means that the driver has no part in."""
        for driver in self.opened:
            driver.close()
        self.opened.clear()
        self.console("sh", "-c", "rm -rf /run/netmgr-frr /var/lib/netmgr-frr/journal /var/lib/netmgr-frr/epoch")
        if self.startup() != text or self.kernel() != kernel or self.running() != FRRDriver.canonical(text):
            self.console("sh", "-c", "cat > /etc/frr/frr.conf", text=text)
            self.console("sh", "-c", "/usr/lib/frr/frrinit.sh restart >/dev/null 2>&1")
            _set_up(self)


def _addresses(link: dict[str, Any]) -> list[tuple[str, int, bool]]:
    return [(a["local"], a["prefixlen"], a.get("secondary", False)) for a in link["addr_info"]]


def _set_up(router: Router) -> None:
    """Addresses and routes beside FRR's."""
    router.console("sh", "-c", "for i in eth0 eth1 eth2; do ip link set $i up; done; ip addr flush dev eth2")
    router.console("vtysh", "-c", "configure terminal", "-c", "interface eth2", "-c", "ip address 10.0.2.1/24")
"""
