"""Two real routers and a host for the driver's tests. Every test gets them as they were booted."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import napalm
import pytest
from napalm.base.exceptions import NapalmException

from napalm_frr.driver import FRRDriver
from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit
from netmgr.model.lab import LabDevice, LabInterface, LabLink, LabNetwork, LabNode
from netmgr.ports.progress import Silent

CLIENT = "frrdriver"
RULER = "=====ruler====="
STATE = (
    "vtysh -c 'show running-config'",
    "cat /etc/frr/frr.conf",
    "ip -j address",
    "ip route; ip -6 route",
)
LIMIT = 60.0  # seconds
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
"""
FOREIGN_6 = "route add 2001:db8:98::/48 via 2001:db8:99::1 proto static\n"


@dataclass
class Router:
    """A router as a test uses it: over the driver, and on its console, whatever happens to SSH."""

    lab: FrrLab
    device: LabDevice
    client: str = CLIENT
    opened: list[FRRDriver] = field(default_factory=list)

    def console(self, *command: str, text: str | None = None, check: bool = True) -> str:
        """Run a command on the console; its output."""
        done = subprocess.run(
            self.lab.console(self.client, self.device.device, command),
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
        given = {
            "port": device.port,
            "key_file": device.identity,
            "known_hosts": device.known_hosts,
            **options,
        }
        made: FRRDriver = napalm.get_network_driver("frr")(
            device.address, user or device.user, "", timeout, given
        )
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
        state = self.state()
        return {name: state[name] for name in ("links", "addresses", "routes")}

    def state(self) -> dict[str, Any]:
        """Everything that must be as before: the running and the startup configuration, and the kernel's part."""
        shown = self.console("sh", "-c", f"; echo {RULER}; ".join(STATE)).split(f"{RULER}\n")
        links = json.loads(shown[2])
        return {
            "running": FRRDriver.canonical(shown[0]),
            "startup": shown[1],
            "links": {link["ifname"]: sorted(set(link["flags"]) - {"LOWER_UP"}) for link in links},
            "addresses": {link["ifname"]: _addresses(link) for link in links},
            "routes": sorted(shown[3].splitlines()),
        }

    def tidy(self) -> None:
        """Close what a test has opened and forget the commits that it made."""
        for driver in self.opened:
            driver.close()
        self.opened.clear()
        self.console(
            "rm", "-rf", "/run/netmgr-frr", "/var/lib/netmgr-frr/journal", "/var/lib/netmgr-frr/epoch"
        )

    def journal(self) -> list[tuple[str, str]]:
        """What the program did, as (commit id, event)."""
        lines = self.console("cat", "/var/lib/netmgr-frr/journal", check=False).splitlines()
        return [(entry["commit"], entry["event"]) for entry in map(json.loads, lines)]


def _addresses(link: dict[str, Any]) -> list[tuple[str, int, bool]]:
    return [(a["local"], a["prefixlen"], a.get("secondary", False)) for a in link["addr_info"]]


class Bench:
    """The lab, booted anew whenever a test has left a router different from how it was booted."""

    def __init__(self, directory: Path) -> None:
        self._lab = FrrLab(directory, LabKit())
        self._routers: dict[str, Router] = {}
        self._booted: dict[str, dict[str, Any]] = {}

    def __getitem__(self, name: str) -> Router:
        """A router as it was booted."""
        if name in self._routers and not self._restored(name):
            self.down()
        if not self._routers:
            self._boot()
        return self._routers[name]

    def _restored(self, name: str) -> bool:
        """Whether the router is as it was booted, or could be brought there without booting it."""
        router, booted = self._routers[name], self._booted[name]
        state = router.state()
        if state != booted:
            try:
                with router.driver() as driver:
                    driver.load_replace_candidate(config=booted["startup"])
                    driver.commit_config()
            except NapalmException:
                return False
            router.console("sh", "-c", "cat > /etc/frr/frr.conf", text=booted["startup"])
            state = router.state()
        router.tidy()
        return bool(state == booted)

    def down(self) -> None:
        """Remove the lab."""
        self._lab.down(CLIENT)
        self._routers.clear()

    @property
    def host(self) -> LabDevice:
        """The host without FRR."""
        status = self._lab.status(CLIENT)
        assert status is not None
        return next(device for device in status.devices if device.platform == "linux")

    def _boot(self) -> None:
        cables = (LabInterface(name="eth1"), LabInterface(name="eth2"))
        routers = (LabNode(device=n, platform="frr", interfaces=cables, startup=STARTUP[n]) for n in STARTUP)
        nodes = (*routers, LabNode(device="h1", platform="linux"))
        links = tuple(LabLink(a=("r1", cable.name), b=("r2", cable.name)) for cable in cables)
        status = self._lab.up(LabNetwork(client=CLIENT, nodes=nodes, links=links), Silent())
        self._routers = {d.device: Router(self._lab, d) for d in status.devices if d.platform == "frr"}
        self._routers["r1"].console("ip", "-batch", "-", text=FOREIGN)
        self._routers["r1"].console("ip", "-6", "-batch", "-", text=FOREIGN_6)
        self._booted = {name: router.state() for name, router in self._routers.items()}


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The lab of this directory's tests."""
    bench = Bench(tmp_path_factory.mktemp("frr_driver") / "lab")
    yield bench
    bench.down()


@pytest.fixture
def r1(bench: Bench) -> Iterator[Router]:
    """A router as it was booted, with a BGP neighbor, OSPF, and routes that are not FRR's."""
    router = bench["r1"]
    yield router
    router.tidy()


@pytest.fixture(scope="module")
def any_r1(bench: Bench) -> Router:
    """The same router, left by each test of a module as the next one finds it."""
    return bench["r1"]
