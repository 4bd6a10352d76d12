"""Signs of life of real routers: one whose SSH server hangs, one that cannot be reached, and both again."""

from dataclasses import replace

import pytest

from netmgr.adapters.samples_memory import MemorySamples
from netmgr.adapters.settings_yaml import load_settings
from netmgr.adapters.store_memory import MemoryServiceLog
from netmgr.model.access import Actor
from netmgr.ports.progress import Silent
from netmgr.wiring import Wiring
from netmgr.workflows.probing import probe
from tests.clock import ManualClock
from tests.lab.site import NAMES, Site
from tests.waiting import wait_until

pytestmark = pytest.mark.lab


class Probing:
    """What `netmgr probe run` does in the lab, a minute apart on a clock, and in a log, of their own."""

    def __init__(self, site: Site) -> None:
        self.wiring = Wiring(site.workspace, load_settings(site.workspace))
        self.clock, self.samples = ManualClock(), MemorySamples()
        self.log = MemoryServiceLog(self.clock)

    def silent(self) -> set[str]:
        """The devices that give no sign of life."""
        runtime = self.wiring.runtime(
            client="square",
            target="lab",
            actor=Actor(id="p-1", auth="os", on="ops1"),
            request=self.clock.new_id(),
            progress=Silent(),
            interrupted=lambda: False,
        )
        made = probe(replace(runtime, clock=self.clock, log=self.log, open_samples=lambda: self.samples))
        self.clock.elapsed += 60
        assert {device.device for device in made.devices} == set(NAMES)
        return {device.device for device in made.devices if device.state == "down"}

    def told(self) -> list[tuple[str, str]]:
        """Who went down and came up, as the log has it."""
        entries = self.log.entries("square", kind="probe")
        return sorted((str(e.device), str(e.outcome)) for e in entries)


def test_a_router_that_cannot_be_managed_is_down_until_it_can(site: Site) -> None:
    with site.edited("id: square\n", "id: square\nprobe: {timeout: 2}\n", "inventory/square/client.yaml"):
        probing = Probing(site)
        wait_until(lambda: not probing.silent(), seconds=30)
        site.console("r2", "pkill", "-STOP", "-x", "sshd")
        site.console("r4", "ip", "link", "set", "eth0", "down")
        try:
            wait_until(lambda: probing.silent() == {"r2", "r4"} and len(probing.told()) == 2, seconds=30)
        finally:
            site.console("r2", "pkill", "-CONT", "-x", "sshd")
            site.console("r4", "ip", "link", "set", "eth0", "up")
        wait_until(lambda: not probing.silent(), seconds=30)
    # A machine with much to do may once take longer to answer, which nobody is told of.
    assert probing.told() == [("r2", "down"), ("r2", "up"), ("r4", "down"), ("r4", "up")]
