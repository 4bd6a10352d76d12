"""Audits of a whole client: real inventory, templates and log, devices in memory."""

import json
from datetime import date, datetime

import pytest

from netmgr.cli import audit as command
from netmgr.cli.main import run as netmgr
from netmgr.errors import Refused, StoreError, Unreachable, UsageError, WrongDevice
from netmgr.model.selection import Selection
from netmgr.service.looked_after import devices
from netmgr.workflows.audit import audit
from netmgr.workflows.deploy import deploy, writing
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.rollback import rollback

NAMES = ("r1", "r2", "r3", "r4")
HOSTS = "inventory/square/hosts.yaml"
ROUTE = "ip route 192.0.2.0/24 blackhole\n"


@pytest.fixture
def square(world):
    """The square, deployed and saved."""
    made = deploy(world.runtime(), Selection(), DeployRequest(), given=None, approve=lambda _plan: True)
    assert made.outcome == "applied"
    return world


def statuses(made):
    return {device.device: device.status for device in made.devices}


def checks(made):
    return {device.device: [f.check for f in device.findings] for device in made.devices if device.findings}


def logged(world):
    entries = list(world.wiring.service_log.entries("square", kind="audit"))
    return [(e.device, e.outcome, dict(e.facts), e.body and e.body.type) for e in entries]


def finding(check, status, severity):
    return {"check": check, "status": status, "severity": severity}


def test_a_network_as_intended(square):
    before = square.running(), square.journal()
    made = audit(square.runtime(), Selection())
    assert (statuses(made), checks(made)) == (dict.fromkeys(NAMES, "compliant"), {})
    assert (made.client, made.target, made.worst) == ("square", "network", "compliant")
    assert (square.running(), square.journal()) == before, "an audit reads"


def test_each_device_has_its_own_answer_and_all_of_it_is_logged_at_once(square):
    devices = square.fleet.devices
    devices["r1"].running = devices["r1"].startup = ROUTE + devices["r1"].running
    devices["r2"].reachable = False

    def dead(device):
        raise WrongDevice(device.name, "read", "bgpd is down; start it again first")

    devices["r3"].faults["read"] = dead
    made = audit(square.runtime(request="a-1"), Selection())
    assert statuses(made) == {"r1": "drifted", "r2": "unreachable", "r3": "error", "r4": "compliant"}
    assert made.counts == {"compliant": 1, "drifted": 1, "unreachable": 1, "error": 1}
    assert made.devices[0].diff.splitlines()[-4:][0] == "-ip route 192.0.2.0/24 blackhole"
    digests = {name: made.devices[NAMES.index(name)].running for name in ("r1", "r4")}
    parts = {"parts": ["configuration", "compliance"]}
    nothing = {"added": 0, "removed": 0, "not_compared": 0, "milliseconds": 0, **parts}
    rules = {"compliance": {"passed": 0, "failed": 0, "ignored": 0}}
    unread = nothing | {"findings": [finding("read", "failed", "error")]}
    assert logged(square) == [
        (
            "r1",
            "drifted",
            nothing
            | rules
            | {
                "running": digests["r1"],
                "removed": 1,
                "findings": [
                    finding("configuration", "failed", "error"),
                    finding("unmanaged", "failed", "warning"),
                ],
            },
            "text/x-diff",
        ),
        ("r2", "unreachable", unread, "text/plain"),
        ("r3", "error", unread, "text/plain"),
        ("r4", "compliant", nothing | rules | {"running": digests["r4"], "findings": []}, None),
        (
            None,
            "error",
            {"devices": 4, "compliant": 1, "drifted": 1, "unreachable": 1, "error": 1, "milliseconds": 0}
            | parts
            | rules,
            None,
        ),
    ]
    log = square.wiring.service_log
    entries = list(log.entries("square", kind="audit"))
    assert {(e.action, e.phase, e.request, e.target) for e in entries} == {
        ("audit", "result", "a-1", "network")
    }
    bodies = [log.body("square", e.body.digest).decode() for e in entries if e.body]
    assert bodies == [
        made.devices[0].diff,
        "r2: connect: no connection",
        "r3: read: bgpd is down; start it again first",
    ]


def test_a_device_that_hangs_at_the_login_is_only_its_own_trouble(square):
    def hang(device):
        device.clock.sleep(15)
        raise Unreachable(device.name, "connect", "no answer within 15 s")

    square.fleet.devices["r2"].faults["connect"] = hang
    assert statuses(audit(square.runtime(), Selection())) == {
        "r1": "compliant",
        "r2": "unreachable",
        "r3": "compliant",
        "r4": "compliant",
    }


LIFECYCLES = {"active": True, "maintenance": True, "planned": False, "external": False}


@pytest.mark.parametrize("lifecycle", LIFECYCLES)
def test_who_is_audited(square, lifecycle):
    square.edit(
        HOSTS, lambda text: text.replace("r4:\n  data:\n", f"r4:\n  data:\n    lifecycle: {lifecycle}\n")
    )

    def contacted(device):
        touched.append(device.name)

    touched = []
    for device in square.fleet.devices.values():
        device.faults["connect"] = contacted
    made = audit(square.runtime(), Selection())
    assert ("r4" in statuses(made), "r4" in touched) == (LIFECYCLES[lifecycle], LIFECYCLES[lifecycle])
    assert made.left_out == ({} if LIFECYCLES[lifecycle] else {"r4": lifecycle})


def test_a_host_that_is_not_configured_here_is_left_out_and_said_so(square, monkeypatch, capsys):
    square.edit(HOSTS, lambda text: f"{text}srv1:\n  platform: linux\n")
    monkeypatch.setattr(command, "reading_runtime", square.commands)
    assert netmgr(["-w", str(square.workspace), "-c", "square", "audit"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "not audited: srv1 (linux: not configured here)",
        "4 compliant in 0.0 s",
    ]


def test_bytes_that_are_no_text_are_shown_escaped_and_spoil_nothing(square):
    device = square.fleet.devices["r1"]
    device.running = device.running.replace("description to r2:eth1", "description caf\udce9")
    made = audit(square.runtime(), Selection())
    assert statuses(made) == {"r1": "drifted", "r2": "compliant", "r3": "compliant", "r4": "compliant"}
    assert "- description caf\\udce9\n" in made.devices[0].diff
    result = deploy(square.runtime(), Selection(), DeployRequest(), given=None, approve=lambda _plan: True)
    assert result.outcome == "applied"
    before = rollback(square.runtime(), result.change, DeployRequest(), approve=lambda _plan: True)
    assert before.outcome == "applied"
    assert "description caf\udce9" in device.running


def test_a_selection_and_a_typing_error_in_it(square):
    assert set(statuses(audit(square.runtime(), Selection(names=("r1", "r3"))))) == {"r1", "r3"}
    with pytest.raises(UsageError, match="no device of square matches r9"):
        audit(square.runtime(), Selection(names=("r9",)))


def test_it_works_while_a_change_holds_the_lock(square):
    with writing(square.runtime()):
        assert statuses(audit(square.runtime(), Selection())) == dict.fromkeys(NAMES, "compliant")


def test_somebody_s_timer_runs(square):
    device = square.fleet.devices["r1"]
    device.pending, device.deadline = "c-9", square.clock.monotonic() + 60
    made = audit(square.runtime(), Selection())
    assert checks(made) == {"r1": ["pending"]}
    assert "c-9" in made.devices[0].findings[0].detail


SECRET = (
    "    extra_config: [{section: router bgp 65001, lines: [neighbor 192.0.2.1 remote-as 65055, "
    "neighbor 192.0.2.1 password secret://env/peer]}]\n"
)


def test_without_its_secret_a_line_is_not_compared_and_a_plan_is_refused(square, monkeypatch):
    square.edit(HOSTS, lambda text: text.replace("r1:\n  data:\n", f"r1:\n  data:\n{SECRET}"))
    monkeypatch.setenv("NETMGR_SECRET_SQUARE__PEER", "canary-1")
    deploy(square.runtime(), Selection(), DeployRequest(), given=None, approve=lambda _plan: True)
    assert statuses(audit(square.runtime(), Selection()))["r1"] == "compliant"
    monkeypatch.setenv("NETMGR_SECRET_SQUARE__PEER", "canary-2")
    square.wiring.__dict__.pop("secrets")
    rotated = audit(square.runtime(), Selection())
    assert (rotated.devices[0].status, rotated.devices[0].added, rotated.devices[0].removed) == (
        "drifted",
        1,
        1,
    )
    monkeypatch.delenv("NETMGR_SECRET_SQUARE__PEER")
    square.wiring.__dict__.pop("secrets")
    made = audit(square.runtime(), Selection())
    assert (made.devices[0].status, checks(made)) == ("compliant", {"r1": ["not_compared"]})
    assert (
        made.devices[0]
        .findings[0]
        .detail.endswith("router bgp 65001 / neighbor 192.0.2.1 password <secret:peer>")
    )
    assert logged(square)[-5][2]["not_compared"] == 1
    with pytest.raises(Exception, match="set the environment variable NETMGR_SECRET_SQUARE__PEER"):
        deploy(square.runtime(), Selection(), DeployRequest(), given=None, approve=lambda _plan: True)
    everything = made.model_dump_json() + rotated.model_dump_json() + repr(logged(square))
    assert "canary" not in everything


def test_the_host_s_features_are_named(square):
    square.edit(
        HOSTS,
        lambda text: text.replace("r1:\n  data:\n", "r1:\n  data:\n    system: {ntp: [192.0.2.9]}\n"),
    )
    made = audit(square.runtime(), Selection())
    assert statuses(made)["r1"] == "compliant"
    assert checks(made) == {"r1": ["host_features"]}


def test_a_new_inventory_is_noted_as_by_plan(square):
    square.edit(HOSTS, lambda text: text.replace("10.255.0.4", "10.255.0.44"))
    audit(square.runtime(), Selection())
    entry = next(square.wiring.service_log.entries("square", kind="inventory", newest_first=True))
    assert entry.facts["changed"] == ["r4"]


def test_the_log_tells_which_devices_are_looked_after_and_from_when(square):
    square.edit(
        HOSTS,
        lambda text: text.replace(
            "r1:\n  data:\n", 'r1:\n  data:\n    service: {from: "2026-01-01"}\n    role: core\n'
        ),
    )
    audit(square.runtime(), Selection())
    entries = list(square.wiring.service_log.entries("square", kind="inventory"))
    assert [set(entry.facts["described"]) for entry in entries] == [set(NAMES), {"r1"}]
    today = datetime.fromisoformat(entries[-1].time).date()
    found = {one.name: one for one in devices(entries, "UTC", today)}
    assert {name: (one.role, one.first, one.last) for name, one in found.items()} == {
        "r1": ("core", date(2026, 1, 1), today),
        **dict.fromkeys(NAMES[1:], (None, today, today)),
    }
    assert found["r1"].evidence == (entries[-1].seq,)


def test_who_may_not_read_the_client_may_not_audit_it(square):
    asked = []
    with pytest.raises(Refused, match="p-1 may not read square"):
        audit(square.runtime(permitted=asked.append), Selection())
    assert asked == ["read"]


def test_what_cannot_be_logged_is_not_begun(square):
    class Full:
        def __getattr__(self, name):
            return getattr(square.wiring.service_log, name)

        def append(self, _client, _drafts):
            raise StoreError("store.db: disk full")

    touched = []
    square.fleet.devices["r1"].faults["connect"] = lambda device: touched.append(device.name)
    with pytest.raises(Refused, match=r"refused \(log\): store.db: disk full; make the service log writable"):
        audit(square.runtime(log=Full()), Selection())
    assert touched == []


CODES = [
    ({}, 0, 0),
    ({"r1": "drifted"}, 0, 2),
    ({"r1": "drifted", "r2": "unreachable"}, 3, 3),
    ({"r1": "unreachable", "r2": "error"}, 1, 1),
    ({"r1": "drifted", "r2": "error"}, 1, 1),
]


@pytest.mark.parametrize(("broken", "plain", "detailed"), CODES)
def test_exit_codes(square, monkeypatch, capsys, broken, plain, detailed):
    for name, how in broken.items():
        device = square.fleet.devices[name]
        if how == "drifted":
            device.running = device.startup = ROUTE + device.running
        elif how == "unreachable":
            device.reachable = False
        else:
            device.faults["read"] = _dead
    monkeypatch.setattr(command, "reading_runtime", square.commands)
    arguments = ["-w", str(square.workspace), "-c", "square", "audit", "-o", "json"]
    assert netmgr(arguments) == plain
    assert netmgr([*arguments, "--detailed-exitcode"]) == detailed
    document = json.loads(capsys.readouterr().out.split("}\n{")[0] + "}")
    assert list(document) == [
        "schema",
        "client",
        "target",
        "time",
        "seconds",
        "devices",
        "left_out",
        "parts",
    ]
    assert document["schema"] == "netmgr.audit/1"
    assert {d["device"]: d["status"] for d in document["devices"]} == {
        name: broken.get(name, "compliant") for name in NAMES
    }


def _dead(device):
    raise WrongDevice(device.name, "read", "bgpd is down")


def test_the_page_for_people(square, monkeypatch, capsys):
    routes = ", ".join(f"{{prefix: 198.51.100.{n}/26, discard: true}}" for n in (0, 64, 128, 192))
    square.edit("inventory/square/defaults.yaml", lambda text: f"{text}data: {{static_routes: [{routes}]}}\n")
    deploy(square.runtime(), Selection(), DeployRequest(), given=None, approve=lambda _plan: True)
    devices = square.fleet.devices
    for name in ("r1", "r3"):
        devices[name].running = devices[name].startup = ROUTE + devices[name].running
    devices["r2"].reachable = False
    devices["r4"].startup = ""
    monkeypatch.setattr(command, "reading_runtime", square.commands)
    assert netmgr(["-w", str(square.workspace), "-c", "square", "audit"]) == 3
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "r1, r3"
    assert lines[1:5] == [
        "--- running",
        "+++ intended",
        "@@ -1,4 +1,3 @@",
        "-ip route 192.0.2.0/24 blackhole",
    ]
    start = next(n for n, line in enumerate(lines) if line.startswith("STATUS"))
    assert lines[start:] == [
        "STATUS       +  -  DEVICES  FINDINGS",
        "drifted      0  1  r1, r3",
        "unreachable        r2       connect: no connection",
        "compliant          r4       startup: what runs is not saved: a reboot would lose all of it; save it",
        "                            on the device",
        "1 compliant, 2 drifted, 1 unreachable in 0.0 s (1 compliant with warnings)",
    ]
    assert max(map(len, lines)) <= 100
