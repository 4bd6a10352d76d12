"""Twelve kinds of manual change on real routers: the audit says what each is, a deploy puts right what drifted.

Four at a time, one on each router.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.lab.site import HOSTS, NAMES, Site
from tests.waiting import wait_until

pytestmark = pytest.mark.lab

SECRET = ("NETMGR_SECRET_SQUARE__PEER", "canary-4711")
#: What the square needs besides, so that there is something to change: by router.
DATA = {
    "r1": "extra_config: [{section: router bgp 65001, lines: [neighbor 192.0.2.1 remote-as 65055, "
    "neighbor 192.0.2.1 password secret://env/peer]}]",
    "r4": "interfaces: {lo: {ipv4: [10.253.0.1/32, 10.253.0.2/32]}}",
}
NETWORK = ("asn: 65002, ", "asn: 65002, networks: [10.0.0.0/8], ")


def typed(site: Site, device: str, *lines: str) -> None:
    """Somebody at the router's console."""
    site.console(device, "vtysh", *(word for line in ("configure terminal", *lines) for word in ("-c", line)))


def saved(site: Site, device: str) -> None:
    site.console(device, "vtysh", "-c", "write memory")


def shell(site: Site, device: str, command: str) -> None:
    site.console(device, "sh", "-c", command)


def daemon_killed(site: Site, device: str) -> None:
    # watchfrr would start it again, so both die.
    shell(site, device, "pkill -KILL watchfrr; pkill -KILL bgpd")


def started_again(site: Site, device: str) -> None:
    shell(site, device, "/usr/lib/frr/frrinit.sh restart >/dev/null 2>&1")
    wait_until(lambda: site.running(device) == site.baseline[device], seconds=60, every=0.5)


def forgotten(site: Site, device: str) -> None:
    """Another configuration was saved; what runs is as intended, and only a reboot would tell."""
    typed(site, device, "ip route 203.0.113.0/24 blackhole")
    saved(site, device)
    typed(site, device, "no ip route 203.0.113.0/24 blackhole")


def foreign(site: Site, device: str) -> None:
    shell(site, device, "/usr/lib/frr/ripd -d")
    typed(site, device, "router rip", "network 10.0.0.0/8")
    typed(site, device, "route-map FOREIGN permit 10", "match interface eth1")
    saved(site, device)


@dataclass(frozen=True)
class Kind:
    """One kind of manual change: what somebody does, and what the audit must say of it.

    ``changed`` are the diff's changed lines, ``findings`` (check, how its detail ends). ``undo`` is for what a deploy
    does not touch: it is no drift of the configuration.
    """

    device: str
    act: Callable[[Site, str], None]
    status: str
    changed: tuple[str, ...] = ()
    findings: tuple[tuple[str, str], ...] = ()
    undo: Callable[[Site, str], None] | None = None


def drift(*changed: str) -> dict[str, object]:
    size = [sum(line.startswith(sign) for line in changed) for sign in "+-"]
    told = f"(+{size[0]} -{size[1]} lines); `netmgr plan` shows how a deploy puts it right"
    return {"status": "drifted", "changed": changed, "findings": (("configuration", told),)}


UNSAVED = ("startup", "a reboot would bring what is intended")
FORGOTTEN = ("startup", "a reboot would bring another configuration; save it on the device")


def also(made: dict[str, object], *more: tuple[str, str]) -> dict[str, object]:
    return made | {"findings": (*made["findings"], *more)}


def lines(*typed_lines: str, save: bool = True) -> Callable[[Site, str], None]:
    def act(site: Site, device: str) -> None:
        typed(site, device, *typed_lines)
        if save:
            saved(site, device)

    return act


ROUNDS = (
    {
        "a line added": Kind(
            "r1", lines("interface eth1", "ip ospf cost 77", save=False),
            **also(drift("- ip ospf cost 77"), UNSAVED),
        ),
        "a line removed": Kind(
            "r2", lines("interface eth1", "no description"), **drift("+ description to r1:eth1")
        ),
        "a line changed": Kind(
            "r3", lines("interface eth1", "description somebody was here"),
            **drift("- description somebody was here", "+ description to r2:eth2"),
        ),
        "lines in another order": Kind(
            "r4", lines("interface lo", "no ip address 10.253.0.1/32", "ip address 10.253.0.1/32"),
            status="compliant", undo=lambda site, device: typed(
                site, device, "interface lo", "no ip address 10.253.0.2/32", "ip address 10.253.0.2/32"
            ),
        ),
    },
    {
        "a shut interface": Kind("r1", lines("interface eth1", "shutdown"), **drift("- shutdown")),
        "a line that the router normalises": Kind(
            "r2",
            lines(
                "router bgp 65002", "address-family ipv4 unicast", "no network 10.0.0.0/8", "network 10.1.2.3/8"
            ),
            status="compliant",
        ),
        "a shut neighbor": Kind(
            "r3", lines("router bgp 65003", "neighbor 10.0.0.5 shutdown"), **drift("- neighbor 10.0.0.5 shutdown")
        ),
        "a dead daemon": Kind(
            "r4", daemon_killed, status="error", undo=started_again,
            findings=(("read", "bgpd is down: the running configuration is incomplete; start it again first"),),
        ),
    },
    {
        "a changed secret": Kind(
            "r1", lines("router bgp 65001", "neighbor 192.0.2.1 password changed-4712"),
            **drift("- neighbor 192.0.2.1 password <removed>", "+ neighbor 192.0.2.1 password <secret:peer>"),
        ),
        "an address behind FRR's back": Kind(
            "r2", lambda site, device: shell(site, device, "ip addr add 192.0.2.77/24 dev eth1"),
            status="compliant",
            findings=(("kernel", "eth1 has 192.0.2.77/24, which its configuration does not know"),),
            undo=lambda site, device: shell(site, device, "ip addr del 192.0.2.77/24 dev eth1"),
        ),
        "an unsaved change": Kind("r3", forgotten, status="compliant", findings=(FORGOTTEN,), undo=saved),
        "a section that nobody intends": Kind(
            "r4", foreign, undo=lambda site, device: shell(site, device, "pkill -x ripd"),
            **also(
                drift("-router rip", "- network 10.0.0.0/8", "-route-map FOREIGN permit 10", "- match interface eth1"),
                ("unmanaged", "speaks of: router rip"),
                ("unmanaged", "speaks of: route-map FOREIGN permit 10"),
            ),
        ),
    },
)  # fmt: skip


@pytest.fixture(scope="module")
def richer(booted: Site) -> Iterator[Site]:
    """The square with something in it to change, deployed; afterwards as it was."""
    before = booted.workspace.joinpath(HOSTS).read_text()
    text = before.replace(*NETWORK)
    for device, data in DATA.items():
        loopback = f"    loopback: 10.255.0.{device[1]}\n"
        text = text.replace(loopback, f"{loopback}    {data}\n")
    baseline = booted.baseline
    booted.secrets[SECRET[0]] = SECRET[1]
    booted.workspace.joinpath(HOSTS).write_text(text)
    try:
        booted.deploy("-m", "something to change")
        booted.baseline = {name: booted.running(name) for name in NAMES}
        yield booted
    finally:
        booted.secrets.clear()
        booted.workspace.joinpath(HOSTS).write_text(before)
        booted.baseline = baseline
        booted.deploy("-m", "as it was")


def audited(site: Site, code: int = 0) -> dict[str, dict]:
    document = site.document("audit", "--detailed-exitcode", code=code)
    return {device["device"]: device for device in document["devices"]}


def said(device: dict, kind: Kind) -> tuple:
    """What the audit says, in the shape in which a Kind expects it."""
    changed = [line for line in device["diff"].splitlines()[2:] if line[0] in "+-"]
    wanted = [end for _, end in kind.findings]
    found = [
        (
            finding["check"],
            next((end for end in wanted if finding["detail"].endswith(end)), finding["detail"]),
        )
        for finding in device["findings"]
    ]
    return device["status"], tuple(changed), tuple(found)


@pytest.mark.parametrize("number", range(len(ROUNDS)), ids=["lines", "states", "beside"])
def test_the_audit_says_what_a_manual_change_is_and_a_deploy_puts_it_right(richer, site, number, capsys):
    kinds = ROUNDS[number]
    for kind in kinds.values():
        kind.act(site, kind.device)
    statuses = {kind.status for kind in kinds.values()}
    seen = audited(site, code=1 if "error" in statuses else 2)
    told = {name: said(seen[kind.device], kind) for name, kind in kinds.items()}
    right = {name: (kind.status, kind.changed, kind.findings) for name, kind in kinds.items()}
    with capsys.disabled():
        print(f" {sum(told[name] == right[name] for name in kinds)}/{len(kinds)} kinds", end=" ")
    assert told == right
    assert "4711" not in repr(seen)
    assert "4712" not in repr(seen)

    for kind in kinds.values():
        if kind.undo and kind.status == "error":
            kind.undo(site, kind.device)
    drifted = {kind.device for kind in kinds.values() if kind.status == "drifted"}
    document = site.deploy("-m", "put right")
    assert {d["device"] for d in document["devices"] if d["outcome"] == "applied"} == drifted
    for kind in kinds.values():
        if kind.undo and kind.status != "error":
            kind.undo(site, kind.device)
    assert {name: (d["status"], d["findings"]) for name, d in audited(site).items()} == {
        name: ("compliant", []) for name in NAMES
    }
    assert {name: site.running(name) for name in NAMES} == site.baseline


def test_there_are_twelve_kinds():
    assert sum(map(len, ROUNDS)) == 12
    assert [sorted(kind.device for kind in kinds.values()) for kinds in ROUNDS] == [list(NAMES)] * 3
