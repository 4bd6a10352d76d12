"""The network's year: changes announced and made in their windows, one at night; a branch comes, and one goes."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit
from netmgr.model.entry import rfc3339
from tests.year.desk import Case, Desk
from tests.year.house import House
from tests.year.timeline import Timeline, berlin

HOSTS, TOPOLOGY, DEFAULTS = (f"inventory/acme/{name}.yaml" for name in ("hosts", "topology", "defaults"))

WEST = """\
west1:
  groups: [branch]
  data:
    site: west
    service: {from: "2026-04-18"}
    loopback: [10.1.255.7, "2001:db8:a:ff::7"]
    interfaces:
      eth3: {description: branch west, ipv4: 10.4.0.1/24, ipv6: "2001:db8:a:4000::1/64"}
    ospf:
      areas:
        0: {interfaces: {eth3: {passive: true}}}

"""
WEST_LINKS = """\
  - {endpoints: ["core1:eth7", "west1:eth1"], subnet: [10.1.0.20/31, "2001:db8:a:0:b::/127"], ospf: {area: 0, cost: 50}}
  - {endpoints: ["core2:eth7", "west1:eth2"], subnet: [10.1.0.22/31, "2001:db8:a:0:c::/127"], ospf: {area: 0, cost: 99}}
"""
BEFORE_PROVIDERS = "# The providers' routers: they give"
BEFORE_TRANSIT = "  # Providers.\n"
CLIENT = "inventory/acme/client.yaml"
WEST_SITE = "  west: {name: Branch west, country: Germany, latitude: 50.938, longitude: 6.96}\n"
BEFORE_WINDOWS = "\nmaintenance_windows:"

Edit = tuple[str, str, str]
WEST_COMES: tuple[Edit, ...] = (
    (CLIENT, BEFORE_WINDOWS, WEST_SITE + BEFORE_WINDOWS),
    (HOSTS, BEFORE_PROVIDERS, WEST + BEFORE_PROVIDERS),
    (TOPOLOGY, BEFORE_TRANSIT, WEST_LINKS + BEFORE_TRANSIT),
)
SOUTH = """\
south1:
  groups: [branch]
  data:
    site: south
    loopback: [10.1.255.6, "2001:db8:a:ff::6"]
    interfaces:
      eth3: {description: branch south, ipv4: 10.3.0.1/24, ipv6: "2001:db8:a:3000::1/64"}
    ospf:
      areas:
        0: {interfaces: {eth3: {passive: true}}}
"""
SOUTH_LINKS = """\
  - {endpoints: ["core2:eth5", "south1:eth1"], subnet: [10.1.0.16/31, "2001:db8:a:0:9::/127"], %s50}}
  - {endpoints: ["core1:eth5", "south1:eth2"], subnet: [10.1.0.18/31, "2001:db8:a:0:a::/127"], %s100}}
""".replace("%s", "ospf: {area: 0, cost: ")
POLICIES = "providers4: {import_policy: from-provider, export_policy: to-provider"
PREFERENCE = """{local_pref: %s, community: "64496:200"}}
        - {action: permit, match: {prefix_list: default6}, set: {local_pref: %s, community: "64496:200"}}"""
NORTH_COST = '"north1:eth1"], subnet: [10.1.0.12/31, "2001:db8:a:0:7::/127"], ospf: {area: 0, cost: %s}'


@dataclass(frozen=True)
class Change:
    """Announced on ``notice`` (day and time), made on ``made``."""

    subject: str
    notice: str
    made: str
    reason: str
    edits: Sequence[Edit] = ()
    words: Sequence[str] = ()


#: The twelve that were planned; the thirteenth is made at night, in an emergency.
CHANGES = (
    Change("First configuration", "2026-01-07 10:00", "2026-01-10 22:10", "Everything as agreed at the take-over"),
    Change(
        "Name the servers' network after its room", "2026-02-11 10:00", "2026-02-14 22:10",
        "Labels and documentation say the same",
        [(HOSTS, "description: servers,", "description: servers in room 2,")],
    ),
    Change(
        "Branch north by its first line", "2026-03-11 10:00", "2026-03-14 22:10",
        "The first line is the faster one since its renewal",
        [(TOPOLOGY, NORTH_COST % 50, NORTH_COST % 40)],
    ),
    Change(
        "Branch west is connected", "2026-04-15 10:00", "2026-04-18 22:10", "The new branch in Cologne", WEST_COMES
    ),
    Change(
        "Room for more routes from the providers", "2026-05-20 10:00", "2026-05-23 22:10",
        "The providers announced more prefixes",
        [("inventory/acme/groups.yaml", f"{POLICIES}, max_prefixes: 100", f"{POLICIES}, max_prefixes: 120")],
        ["--takeover", "north1"],
    ),
    Change(
        "Name the offices' network after its floor", "2026-06-17 10:00", "2026-06-20 22:10",
        "Labels and documentation say the same",
        [(HOSTS, "description: offices,", "description: offices on floor 1,")],
    ),
    Change(
        "Provider A first again", "2026-07-29 10:00", "2026-08-01 22:10",
        "Provider A has mended its line",
        [(HOSTS, PREFERENCE % (150, 150), PREFERENCE % (50, 50))],
    ),
    Change(
        "Fewer lines in the routers' logs", "2026-08-19 10:00", "2026-08-22 22:10",
        "Only what matters is to be kept",
        [(DEFAULTS, "syslog: {level: informational}", "syslog: {level: notice}")],
    ),
    Change(
        "Branch south is given up", "2026-09-16 10:00", "2026-09-19 22:10", "The branch in Munich has closed",
        [(HOSTS, SOUTH, ""), (TOPOLOGY, SOUTH_LINKS, "")],
    ),
    Change(
        "Branch west by both lines", "2026-10-14 10:00", "2026-10-17 22:10", "Both lines are equally fast now",
        [(TOPOLOGY, '"west1:eth2"], subnet: [10.1.0.22/31, "2001:db8:a:0:c::/127"], ospf: {area: 0, cost: 99}',
          '"west1:eth2"], subnet: [10.1.0.22/31, "2001:db8:a:0:c::/127"], ospf: {area: 0, cost: 50}')],
    ),
    Change(
        "Branch north by both lines", "2026-11-11 10:00", "2026-11-14 22:10", "The second line was renewed",
        [(TOPOLOGY, '"north1:eth2"], subnet: [10.1.0.14/31, "2001:db8:a:0:8::/127"], ospf: {area: 0, cost: 100}',
          '"north1:eth2"], subnet: [10.1.0.14/31, "2001:db8:a:0:8::/127"], ospf: {area: 0, cost: 40}')],
    ),
    Change(
        "Name the branch west's network after its street", "2026-12-02 10:00", "2026-12-05 22:10",
        "Labels and documentation say the same",
        [(HOSTS, "description: branch west,", "description: branch west in Example Lane,")],
    ),
)  # fmt: skip

NIGHT = "2026-07-22 02:13"
NIGHT_EDIT = (HOSTS, PREFERENCE % (50, 50), PREFERENCE % (150, 150))


@dataclass
class Network:
    """``made``: the changes' ids, in their order."""

    house: House
    line: Timeline
    desk: Desk
    made: list[str] = field(default_factory=list)

    def plan(self, change: Change) -> None:
        """Put the change's scenes on the timeline: the client is told, the change is made, the hour is taken down."""
        begin = berlin(change.made)
        subject = f"Change: {change.subject}"
        hour = (begin - berlin(change.notice)) // timedelta(minutes=1)
        said = f"{change.subject}: done in the window, all neighbours up"
        self.desk.plan(
            Case(
                change.notice, subject, "request", "limited", "low",
                ack=5, resolve=hour + 50, outcome="done", note=said,
            )
        )  # fmt: skip
        plan = self.house.workspace / "plans" / f"{change.made[:10]}.plan"
        self.line.at(berlin(change.notice) + timedelta(minutes=30), lambda: self._announce(change, plan))
        self.line.at(begin, lambda: self._deploy(change, plan, self.desk.ids[subject]))
        self.line.at(begin + timedelta(minutes=48), lambda: self.desk.worked(
            begin - timedelta(minutes=10), 50, change.subject, "p-1", "acme",
            "--ticket", self.desk.ids[subject], "--service", "network",
        ))  # fmt: skip

    def emergency(self) -> None:
        """A provider's line breaks at night; who is on call changes the way out, and tells the client afterwards."""
        begin = berlin(NIGHT)
        subject = "No internet at all, in none of the offices"
        self.desk.plan(
            Case(
                NIGHT, subject, "fault", "extensive", "critical", ("--device", "edge1"),
                ack=None, resolve=70, cause="carrier", note="Sent over provider B; provider A mends its line",
            )
        )  # fmt: skip
        identity = lambda: self.desk.ids[subject]  # noqa: E731 - known once it is opened
        minutes = lambda count: begin + timedelta(minutes=count)  # noqa: E731
        self.line.at(minutes(2), lambda: self.house.netmgr("oncall", "escalate", identity(), who="scheduler"))
        self.line.at(minutes(9), lambda: self.house.netmgr("oncall", "ack", identity(), who="p-2"))
        self.line.at(minutes(35), lambda: self._at_night(identity()))
        self.line.at(minutes(95), lambda: self.desk.worked(
            minutes(5), 85, "Called out; sent the traffic over provider B", "p-2", "acme",
            "--ticket", identity(), "--called-out",
        ))  # fmt: skip

    def drift(self) -> None:
        """Somebody of the client's changes a router by hand; it is found, let be for a while, and put right."""
        self.line.at(berlin("2026-05-07 15:20"), self._by_hand)
        self.line.at(
            berlin("2026-05-11 09:30"),
            lambda: self.house.netmgr(
                "drift", "waive", "north1", "--until", "2026-05-29", "-m", "The client measures its line"
            ),
        )

    def _by_hand(self) -> None:
        if self.house.memory:
            self.house.devices["north1"].running += "ip route 192.0.2.0/24 Null0\n"
            return
        words = ("vtysh", "-c", "configure terminal", "-c", "interface eth1", "-c", "ip ospf cost 45")
        console = FrrLab(self.house.workspace / ".netmgr/lab", LabKit()).console("acme", "north1", words)
        subprocess.run(console, check=True, capture_output=True, timeout=30)

    def _announce(self, change: Change, plan: Path) -> None:
        for file, old, new in change.edits:
            self.house.edit(file, old, new)
        plan.parent.mkdir(exist_ok=True)
        self.house.netmgr("plan", "--out", str(plan), *change.words)
        begin = berlin(change.made)
        window = ("--from", rfc3339(begin), "--to", rfc3339(begin + timedelta(hours=5)))
        self.house.netmgr("notice", "send", str(plan), "-m", change.reason, *window)

    def _deploy(self, change: Change, plan: Path, ticket: str) -> None:
        self._done("deploy", str(plan), "--yes", "-m", change.reason, "--ticket", ticket)

    def _at_night(self, ticket: str) -> None:
        self.house.edit(*NIGHT_EDIT)
        self._done("deploy", "--yes", "-m", "Out by provider B", "--ticket", ticket,
                   "--break-glass", "Nobody can work", who="p-2")  # fmt: skip

    def _done(self, *words: str, who: str = "p-1") -> None:
        result = self.house.document(*words, who=who)
        if result["outcome"] != "applied":
            raise AssertionError(result)
        self.made.append(result["change"])


def boot(house: House) -> None:
    """The lab with every router of the year, cabled as it will be: those to come and those that go stand there."""
    files = {house.workspace / file: (house.workspace / file).read_text() for file, _, _ in WEST_COMES}
    for edit in WEST_COMES:
        house.edit(*edit)
    house.netmgr("lab", "up")
    for path, text in files.items():
        path.write_text(text)
