"""Four devices of four makers, one change for all of them, and one of them fails in one phase of it.

A real FRR router and emulated EOS, IOS and Junos. The change is another static route on each. What becomes of it is
read from the devices: the emulated ones' consoles and journals, the router's vtysh and kernel. Faults strike while
netmgr says what it is about to do (``four_phases``).
"""

import dataclasses
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from netmgr.adapters.settings_yaml import load_settings
from netmgr.adapters.system_clock import SystemClock
from netmgr.lab.emulated.control import Control
from netmgr.lab.emulated.faults import Fault
from netmgr.lab.emulated.journal import read_journal
from netmgr.model.access import Actor
from netmgr.model.change import DeployResult
from netmgr.model.people import People
from netmgr.model.selection import Selection
from netmgr.platforms import FORMS
from netmgr.ports.progress import Silent
from netmgr.wiring import Wiring
from netmgr.workflows.deploy import deploy
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.lab import lab_network
from netmgr.workflows.runtime import Runtime
from tests.faults.eight import IN, MEND, STRIKE
from tests.lab.site import ROOT, Site

CLIENT = "four"
#: Device → platform.
DEVICES = {"frr1": "frr", "eos1": "eos", "ios1": "ios", "junos1": "junos"}
ROUTER = "frr1"
EMULATED = tuple(name for name in DEVICES if name != ROUTER)
#: Seconds: whole minutes, for that is how IOS and Junos count. Nobody waits for it: timers are ended by hand.
TIMER = 600

HOSTS = f"inventory/{CLIENT}/hosts.yaml"
BARE, BAD = "loopback: 10.255.0.1", "extra_config: [no such line]"
#: On the router: the timer ends as if its time had come.
EXPIRE = "python3 -I -S /var/lib/netmgr-frr/netmgr-frr expire && touch /run/struck"
FILES = {
    "config/netmgr.yaml": "deploy: {timeout: 5}\n",
    f"inventory/{CLIENT}/client.yaml": f"id: {CLIENT}\n",
    f"inventory/{CLIENT}/groups.yaml": "{}\n",
    HOSTS: """\
frr1: {platform: frr, data: {loopback: 10.255.0.1}}
eos1: {platform: eos, data: {loopback: 10.255.0.2, bgp: {asn: 65002, ebgp_requires_policy: false}}}
ios1:
  platform: ios
  data:
    loopback: 10.255.0.3
    bgp: {asn: 65003, ebgp_requires_policy: false}
    extra_config: [ip scp server enable, {section: [archive], lines: ["path flash:archive"]}]
junos1:
  platform: junos
  data:
    loopback: 10.255.0.4
    bgp: {asn: 65004, ebgp_requires_policy: false}
    extra_config: [set system root-authentication encrypted-password secret://file/root]
""",
    f"inventory/{CLIENT}/topology.yaml": """\
links:
  - {endpoints: ["eos1:Ethernet1", "ios1:GigabitEthernet0/1"], subnet: 10.0.0.0/31, bgp: true}
  - {endpoints: ["ios1:GigabitEthernet0/2", "junos1:ge-0/0/0"], subnet: 10.0.0.2/31, bgp: true}
  - {endpoints: ["junos1:ge-0/0/1", "eos1:Ethernet2"], subnet: 10.0.0.4/31, bgp: true}
""",
    f"secrets/{CLIENT}/root": "$6$saltsalt$" + "x" * 86,
}


class Hasty(SystemClock):
    """Like the system's, and it can be told that time has passed."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self._skipped

    def reach(self, moment: float) -> None:
        """It is this late now, if not later."""
        self._skipped += max(moment - self.monotonic(), 0)


class Four:
    """The workspace and its lab."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        for name, text in FILES.items():
            path = workspace / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(0o600)
            path.write_text(text)
        shutil.copytree(ROOT / "templates", workspace / "templates")
        self.intend(0)
        self.wiring = Wiring(workspace, load_settings(workspace))
        self.wiring.people = People()
        self.site = Site(workspace, client=CLIENT)
        self.number = 0
        """In the static route that everybody has now."""
        self.clock, self.committing = Hasty(), 0.0
        """netmgr's clock, and when it began to commit by it."""
        self._begun: dict[str, int] = {}

    def intend(self, number: int, bad: bool = False) -> None:
        """The route that everybody shall have; ``bad``: the router also a line that it does not know."""
        hosts = FILES[HOSTS]
        (self.workspace / HOSTS).write_text(hosts.replace(BARE, f"{BARE}, {BAD}") if bad else hosts)
        data = f"data: {{static_routes: [{{prefix: 198.51.100.{number}/32, discard: true}}]}}\n"
        (self.workspace / f"inventory/{CLIENT}/defaults.yaml").write_text(data)

    def up(self) -> None:
        """Boot, and deploy to the devices as they come."""
        wiring = self.wiring
        wiring.lab.up(
            lab_network(wiring.inventories, wiring.templates, wiring.forms, CLIENT, overlay=None), Silent()
        )
        self.control = Control(self.workspace / ".netmgr/emulated" / CLIENT)
        assert self.deploy(takeover=frozenset(DEVICES)).outcome == "applied"

    def deploy(self, progress: Any = None, **asked: Any) -> DeployResult:
        """One change of all."""
        self._begun = {name: self._journal(name)[-1]["n"] for name in EMULATED}
        request = DeployRequest(confirm_in=TIMER, **asked)
        return deploy(
            self._runtime(progress or Silent()), Selection(), request, given=None, approve=lambda _: True
        )

    def _runtime(self, progress: Any) -> Runtime:
        runtime = self.wiring.runtime(
            client=CLIENT, target="lab", actor=Actor(id="p-1", auth="os", on="ops1"),
            request=self.clock.new_id(), progress=progress, interrupted=lambda: False,
        )  # fmt: skip
        return dataclasses.replace(runtime, clock=self.clock)

    # -- what the devices say ---------------------------------------------------------------------------------------

    def reads(self) -> dict[str, str]:
        """What every device runs, by its own console, in canonical form."""
        return {name: self._canonical(name, "running") for name in DEVICES}

    def boots(self) -> dict[str, str]:
        """What every device would boot."""
        return {name: self._canonical(name, "startup") for name in DEVICES}

    def _canonical(self, name: str, which: str) -> str:
        form = FORMS[DEVICES[name]]
        if name != ROUTER:
            return form.canonical(self.control.ask(which, name))
        running = which == "running"
        return form.canonical(self.site.running(name) if running else self.on("cat /etc/frr/frr.conf"))

    def routes(self) -> list[str]:
        """The numbers of the routes that the router's kernel has."""
        return self.on(
            "ip route show table all | sed -n 's/^blackhole 198.51.100.\\([0-9]*\\).*/\\1/p'"
        ).split()

    def on(self, script: str) -> str:
        """What a script on the router says."""
        return self.site.console(ROUTER, "sh", "-c", script)

    def journal(self, name: str) -> list[dict[str, Any]]:
        """What became of an emulated device since the last change began."""
        return [entry for entry in self._journal(name) if entry["n"] > self._begun[name]]

    def runs(self, name: str) -> str:
        """The digest of what an emulated device runs, by its journal."""
        return next(str(entry["running"]) for entry in reversed(self._journal(name)) if "running" in entry)

    def _journal(self, name: str) -> list[dict[str, Any]]:
        return read_journal(self.workspace / f".netmgr/emulated/{CLIENT}/{name}.journal")

    # -- what goes wrong with them ----------------------------------------------------------------------------------

    def fault(self, name: str, at: str, what: Any, **more: Any) -> None:
        """One that waits for an emulated device."""
        self.control.ask("fault", name, fault=Fault(at, what, **more).to_json())

    def bar(self, name: str) -> None:
        """Nobody is let in until it is mended, and who is there is not answered."""
        if name == ROUTER:
            self.on(STRIKE)
            return
        for at, what in ((".*", "cut"), ("connect", "reject"), ("login", "reject")):
            self.fault(name, at, what, times=-1)

    def mend(self, name: str) -> None:
        """Nothing is wrong with it any more."""
        if name == ROUTER:
            self.on(MEND)
        else:
            self.control.ask("no faults", name)

    def expire(self, name: str) -> None:
        """Its timer ends now."""
        if name == ROUTER:
            self.on(EXPIRE)
        else:
            self.control.ask("expire", name)

    def lie_in_wait(self, moment: str, strike: str) -> None:
        """A process on the router that strikes in this moment."""
        self.on(f"setsid sh -c {shlex.quote(f'{IN[moment]}; {strike}')} >/dev/null 2>&1 &")


@contextmanager
def four(workspace: Path) -> Iterator[Four]:
    """The lab, booted and deployed."""
    found = Four(workspace)
    try:
        found.up()
        yield found
        found.control.close()
    finally:
        found.wiring.lab.down(CLIENT)
