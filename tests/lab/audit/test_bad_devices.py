"""Audits where a router cannot be read, or somebody's change is pending: each router has its own answer."""

from pathlib import Path

import pytest

from tests.lab.site import NAMES

pytestmark = pytest.mark.lab

TIMEOUT = ("lab:\n", "deploy: {timeout: 10}\nlab:\n")


def answers(document):
    return {
        device["device"]: (device["status"], [f"{f['check']}: {f['detail']}" for f in device["findings"]])
        for device in document["devices"]
    }


def test_routers_that_cannot_be_read_spoil_nothing(site):
    """One has no network, one another host key than on record."""
    ports = {d["device"]: (d["port"], d["known_hosts"]) for d in site.document("lab", "status")["devices"]}
    known_hosts = Path(ports["r3"][1])
    keys = known_hosts.read_text().splitlines()
    own, other = (next(line for line in keys if f":{ports[name][0]} " in line) for name in ("r3", "r1"))
    swapped = " ".join([own.split(" ")[0], *other.split(" ")[1:]])
    site.console("r2", "ip", "link", "set", "eth0", "down")
    known_hosts.write_text("".join(f"{swapped if line == own else line}\n" for line in keys))
    try:
        with site.edited(*TIMEOUT, file="config/netmgr.yaml"):
            document = site.document("audit", code=1)
            screen = site.document("status", code=3)
    finally:
        known_hosts.write_text("".join(f"{line}\n" for line in keys))
        site.console("r2", "ip", "link", "set", "eth0", "up")
    told = answers(document)
    assert (told["r1"], told["r4"]) == (("compliant", []), ("compliant", []))
    assert (told["r2"][0], told["r3"][0]) == ("unreachable", "error")
    assert told["r2"][1][0].startswith("read: r2: connect: 127.0.0.1:")
    assert "wrong host key: it offers ssh-ed25519 SHA256:" in told["r3"][1][0]
    assert [d["reachable"] for d in screen["devices"]] == [True, False, False, True]
    assert [d["state"] for d in screen["devices"]] == [told[name][0] for name in NAMES]


def test_a_held_change_is_pending_in_the_audit_and_not_unsaved(site):
    with site.with_data("r1", "static_routes: [{prefix: 198.51.100.0/24, discard: true}]"):
        site.deploy("--hold")
        status, findings = answers(site.document("audit", "-l", "r1"))["r1"]
        screen = site.document("status", "-l", "r1")
    assert status == "compliant"
    assert [finding.split(" ")[:2] for finding in findings] == [["pending:", "commit"]]
    assert [change["held"] for change in screen["open_changes"]] == [True]
    assert screen["devices"][0]["change"] == screen["open_changes"][0]["change"]
    assert (screen["devices"][0]["reachable"], screen["lock"]) == (True, None)
    site.document("recover", code=4)
    assert site.running("r1") == site.baseline["r1"]
