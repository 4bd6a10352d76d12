"""`netmgr show` on devices in memory: who is asked, what is refused, what is seen, what is logged."""

import json

import pytest

from netmgr.cli import main
from netmgr.errors import StoreError
from netmgr.platforms import FORMS

SECRET = "canary-bgp"
RUNNING = f"router bgp 65001\n neighbor 10.0.0.1 remote-as 65002\n neighbor 10.0.0.1 password {SECRET}\n"


@pytest.fixture
def command(world, monkeypatch, capsys):
    monkeypatch.setattr("netmgr.cli.show.reading_runtime", world.commands)
    for device in world.fleet.devices.values():
        device.running = RUNNING

    def run(*words, code=0):
        found = main.run(["-w", str(world.workspace), "-c", "square", "show", *words])
        out, err = capsys.readouterr()
        assert found == code, (found, out, err)
        return out, err

    return run


def logged(world):
    log = world.wiring.service_log
    return [
        (e.kind, e.action, e.phase, e.device, e.outcome, log.body("square", e.body.digest).decode())
        for e in log.entries("square", kind="show")
    ]


def test_equal_answers_are_shown_once_and_secrets_never(world, command):
    world.fleet.devices["r3"].running = "log syslog\n"
    out, err = command("show running-config")
    assert out == (
        "# r1, r2, r4\nrouter bgp 65001\n neighbor 10.0.0.1 remote-as 65002\n neighbor 10.0.0.1 password <removed>\n"
        "# r3\nlog syslog\n"
    )
    assert err == "4 answered\n"


def test_the_document(world, command):
    world.fleet.devices["r2"].reachable = False
    document = json.loads(command("show running-config", "-l", "r1,r2", "-o", "json", code=3)[0])
    assert document == {
        "schema": "netmgr.show/1",
        "client": "square",
        "target": "network",
        "command": "show running-config",
        "devices": [
            {"device": "r1", "status": "ok", "output": RUNNING.replace(SECRET, "<removed>"), "error": None},
            {"device": "r2", "status": "unreachable", "output": "", "error": "r2: connect: no connection"},
        ],
    }


def test_a_command_that_a_device_does_not_know_is_its_own_answer(command):
    out, err = command("show version", "-l", "r1", code=1)
    assert (out, err) == ("", "r1: show: unknown command: show version\n1 error\n")


def test_the_log_holds_the_command_and_the_outcomes_but_no_answer(world, command):
    world.fleet.devices["r2"].reachable = False
    command("show  running-config", "-l", "r1,r2", code=3)
    assert logged(world) == [
        ("show", "show", "result", "r1", "ok", "show running-config"),
        ("show", "show", "result", "r2", "unreachable", "r2: connect: no connection"),
        ("show", "show", "result", None, "unreachable", "show running-config"),
    ]
    facts = [e.facts for e in world.wiring.service_log.entries("square", kind="show")]
    assert (facts[0]["lines"], facts[0]["bytes"]) == (3, len(RUNNING.replace(SECRET, "<removed>")))
    counts = {key: facts[2][key] for key in ("devices", "ok", "refused", "unreachable", "error")}
    assert counts == {"devices": 2, "ok": 1, "refused": 0, "unreachable": 1, "error": 0}


def test_a_secret_where_no_pattern_expects_it(world, command, monkeypatch):
    """Known by its value, because the inventory refers to it."""
    monkeypatch.setenv("NETMGR_SECRET_SQUARE__PEER", SECRET)
    world.edit(
        "inventory/square/hosts.yaml",
        lambda text: text.replace("r1:\n", "r1:\n  password: secret://env/peer\n"),
    )
    for device in world.fleet.devices.values():
        device.running = f"! somebody said {SECRET} here\n"
    assert command("show running-config", "-l", "r1")[0] == "# r1\n! somebody said <secret:peer> here\n"


REFUSED = (
    "clear bgp *",
    "configure terminal",
    "debug ospf event",
    "write memory",
    "show running-config | include password",
    "show running-config > /tmp/x",
    "show version; reboot",
    "show `reboot`",
    "show $(reboot) 'x'",
    "show",
    "sh version",
    "do show version",
    "ip addr",
)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_on_the_list_is_refused_before_anybody_is_asked(world, command, text):
    out, err = command(text, code=5)
    assert (out, err) == (
        "",
        f"error: refused (read_only): {text!r} is no read-only command of platform frr; "
        "what may be asked on frr: show …\n",
    )
    assert logged(world) == []
    assert {device.journal == [] for device in world.fleet.devices.values()} == {True}


@pytest.mark.parametrize("text", ["", "  ", "show version\nclear bgp *", "show \x1b[2J", "show " + "x" * 500])
def test_what_is_no_command_line_is_wrong_usage(world, command, text):
    assert command(text, code=64)[1] == "error: a command is one line of 1 to 500 printable characters\n"


def test_devices_of_other_platforms_are_named_and_not_asked(world, command):
    world.edit(
        "inventory/square/hosts.yaml",
        lambda text: text + "h1: {platform: linux}\nx1: {data: {lifecycle: external}}\n",
    )
    document = json.loads(command("show running-config", "-l", "r1,h1,x1", "-o", "json")[0])
    assert [(d["device"], d["status"], d["error"]) for d in document["devices"]] == [
        ("r1", "ok", None),
        ("h1", "refused", "h1: show: no read-only command of platform linux; not asked"),
    ]
    assert command("show version", "-l", "x1", code=64)[1] == (
        "error: no device of square to ask: planned and external devices are never contacted\n"
    )
    assert command("show version", "-l", "zz", code=64)[1] == "error: no device of square matches zz\n"


def test_a_command_that_cannot_be_logged_is_not_sent(world, command, monkeypatch):
    def full(*_: object) -> None:
        raise StoreError("no space left")

    monkeypatch.setattr(type(world.wiring.service_log), "append", full)
    monkeypatch.setattr(type(world.fleet), "session", None)
    assert command("show running-config", code=5) == (
        "",
        "error: refused (log): no space left; make the service log writable: what is looked at is logged\n",
    )


HOST = {
    True: ("ip addr", "ip -br -4 addr show dev eth1", "ip route", "uptime", "ss -tln", "df -h"),
    False: (
        "ip addr add 10.0.0.1/8 dev lo",
        "ip link set lo down",
        "ip -batch x",
        "ss -K",
        "cat /etc/shadow",
    ),
}


@pytest.mark.parametrize(("allowed", "text"), [(a, t) for a, texts in HOST.items() for t in texts])
def test_the_list_of_hosts(allowed, text):
    assert FORMS["linux"].may_show(text) is allowed
