"""The golden configurations on a real router: accepted, applied one after the other, read back as they stand."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import napalm
import pytest

from napalm_frr.driver import FRRDriver
from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit
from netmgr.model.lab import LabDevice, LabInterface, LabNetwork, LabNode
from netmgr.ports.progress import Silent

pytestmark = pytest.mark.lab

GOLDEN = Path(__file__).parents[2] / "golden" / "frr"
CONFIGS = {path.stem: path.read_text() for path in sorted(GOLDEN.glob("*.conf"))}
#: This kernel may have no VRF devices, without which FRR cannot have a VRF: its lines are only checked.
ON_ROUTERS = [name for name in CONFIGS if name != "vrfs"]


@dataclass
class Router:
    """One router with four unconnected interfaces."""

    lab: FrrLab
    device: LabDevice

    def console(self, *command: str, text: str = "") -> str:
        """Run a command on the console; its output. Fails if the command does."""
        words = self.lab.console("golden", self.device.device, command)
        done = subprocess.run(words, input=text, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def running(self) -> str:
        """The canonical running configuration."""
        return FRRDriver.canonical(self.console("vtysh", "-c", "show running-config"))

    def become(self, config: str) -> None:
        """Replace the whole configuration through the driver, which reads it back."""
        device = self.device
        options = {"port": device.port, "key_file": device.identity, "known_hosts": device.known_hosts}
        with napalm.get_network_driver("frr")(device.address, device.user, "", 30, options) as driver:
            driver.load_replace_candidate(config=config)
            driver.commit_config()


@pytest.fixture(scope="module")
def router(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Router]:
    lab = FrrLab(tmp_path_factory.mktemp("golden") / "lab", LabKit())
    interfaces = tuple(LabInterface(name=f"eth{n}") for n in (1, 2, 3, 4))
    node = LabNode(device="r1", platform="frr", interfaces=interfaces)
    status = lab.up(LabNetwork(client="golden", nodes=(node,)), Silent())
    yield Router(lab, status.devices[0])
    lab.down("golden")


@pytest.mark.parametrize("feature", CONFIGS)
def test_vtysh_accepts_every_line(router, feature):
    text = CONFIGS[feature]
    assert router.console("sh", "-c", "cat > /tmp/golden.conf; vtysh -C -f /tmp/golden.conf", text=text) == ""


@pytest.mark.parametrize("feature", ON_ROUTERS)
def test_a_router_reads_as_intended(router, feature):
    router.become(CONFIGS[feature])
    assert router.running() == FRRDriver.canonical(CONFIGS[feature])


@pytest.mark.parametrize(("before", "after"), list(pairwise(reversed(ON_ROUTERS))))
def test_from_any_to_any_other(router, before, after):
    router.become(CONFIGS[before])
    router.become(CONFIGS[after])
    assert router.running() == FRRDriver.canonical(CONFIGS[after])


RULES = {
    "ip prefix-list A": [f"permit 10.{n}.0.0/16" for n in range(6)],
    "ipv6 prefix-list A": [f"permit 2001:db8:{n}::/48" for n in range(1, 7)],
    "access-list A": [f"permit 10.{n}.0.0/16" for n in range(6)],
    "ipv6 access-list A": [f"permit 2001:db8:{n}::/48" for n in range(1, 7)],
    "bgp as-path access-list A": [f"permit ^{n}_" for n in range(1, 7)],
    "bgp community-list standard A": [f"permit 64496:{n}" for n in range(6)],
}


def numbered(order):
    return "".join(
        f"{name} seq {5 * place} {rules[n]}\n"
        for name, rules in RULES.items()
        for place, n in enumerate(order, 1)
    )


def test_rules_that_change_their_places(router):
    """FRR drops a rule, and says nothing, while the list holds the same one under another number."""
    for order in ((0, 1, 2, 3, 4), (1, 2, 3, 4), (5, 1, 2, 3, 4), (4, 3, 2, 1, 5), (0, 3, 2, 1, 4)):
        router.become(numbered(order))
        assert router.running() == FRRDriver.canonical(numbered(order))
