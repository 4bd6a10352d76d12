"""Hosts of platform linux in the lab: real SSH servers with python3, addressed from the inventory, never rendered."""

import json

import pytest

from tests.waiting import wait_until

pytestmark = pytest.mark.lab


def test_hosts_are_real_and_ready(field):
    status = field.document("lab", "status")
    assert [(d["device"], d["platform"], d["kind"], d["ready"]) for d in status["devices"]] == [
        ("bastion", "linux", "real", True),
        ("r1", "frr", "real", True),
        ("r2", "frr", "real", True),
        ("h1", "linux", "real", True),
    ]


def test_a_host_has_the_inventory_s_addresses_and_routes(field):
    links = json.loads(field.console("h1", "ip", "-json", "address", "show", "dev", "eth1"))
    found = {(a["local"], a["prefixlen"]) for a in links[0]["addr_info"] if a["scope"] == "global"}
    assert found == {("192.0.2.10", 24), ("2001:db8:2::10", 64)}
    default = json.loads(field.console("h1", "ip", "-json", "route", "show", "default"))
    assert [(route["gateway"], route["dev"]) for route in default] == [("192.0.2.1", "eth1")]


def test_plain_ssh_and_python(field):
    done = field.ssh("h1", "hostname; python3 -c 'print(6 * 7)'")
    assert (done.returncode, done.stdout, done.stderr) == (0, "h1\n42\n", "")


def test_hosts_are_neither_rendered_nor_deployed_to(field):
    """And the network carries the host's traffic once the routers are deployed, by the host's default route."""
    assert field.netmgr("render", "--lab", "-l", "h1,bastion").stdout == ""
    plan = field.document("plan", "--lab")
    assert [device["device"] for device in plan["devices"]] == ["r1", "r2"]
    field.netmgr("deploy", "--lab", "--yes", "-m", "first", "--takeover", "r1", "--takeover", "r2")
    wait_until(lambda: _reaches(field, "10.255.0.1"), seconds=20)


def _reaches(field, address):
    return (
        field.console("h1", "sh", "-c", f"ping -c 1 -W 1 {address} >/dev/null && echo yes || echo no")
        == "yes\n"
    )
