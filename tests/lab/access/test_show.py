"""Read-only commands on real routers and hosts: through the bastion as in the lab."""

import json

import pytest

pytestmark = pytest.mark.lab


def test_routers_and_hosts_through_the_bastion(network):
    before = len(network.logins("bastion"))
    document = network.document("show", "show version", "-l", "r*")
    assert [(d["device"], d["status"], d["output"][:3]) for d in document["devices"]] == [
        ("r1", "ok", "FRR"),
        ("r2", "ok", "FRR"),
    ]
    assert len(network.logins("bastion")) == before + 1
    answer = network.document("show", "ip -br addr show dev eth1", "-l", "h1")["devices"][0]
    assert (answer["status"], "192.0.2.10/24" in answer["output"]) == ("ok", True)
    entries = [json.loads(line) for line in network.field.netmgr("log", "export").stdout.splitlines()]
    outcomes = [(e.get("device"), e["outcome"]) for e in entries if e["kind"] == "show"]
    assert outcomes == [("r1", "ok"), ("r2", "ok"), (None, "ok"), ("h1", "ok"), (None, "ok")]


def test_a_command_that_the_device_does_not_know(network):
    r1, h1 = (
        network.document("show", command, "-l", name, code=1)["devices"][0]
        for command, name in (("show nonsense", "r1"), ("ip addr show dev eth77", "h1"))
    )
    assert r1["error"].startswith("r1: show: ")
    assert "Unknown command" in r1["error"]
    assert h1["error"] == 'h1: show: ip addr show dev eth77: Device "eth77" does not exist.'


def test_in_the_lab(network):
    assert network.document("show", "uptime", "--lab", "-l", "h1")["devices"][0]["status"] == "ok"
