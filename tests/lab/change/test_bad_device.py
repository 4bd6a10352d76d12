"""Devices that cannot or must not be changed: one line that says what and what to do, and no half change."""

import contextlib
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.lab.site import NAMES
from tests.waiting import wait_until

pytestmark = pytest.mark.lab

CHANGE = ("asn: 65001", "asn: 65091")


def lab_device(site, name):
    return next(d for d in site.document("lab", "status")["devices"] if d["device"] == name)


@contextlib.contextmanager
def replaced(path, content):
    """A file with other content, for a while."""
    before = path.with_name(f"{path.name}.before")
    shutil.copy2(path, before)
    path.write_text(content)
    try:
        yield
    finally:
        before.rename(path)


def new_key():
    return Ed25519PrivateKey.generate()


def openssh(key):
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH
    return key.private_bytes(encoding, form, serialization.NoEncryption()).decode()


def public(key):
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        .decode()
    )


def stopped(site, *, device="r2"):
    """Deploy to a network with one bad device: it fails, the others are left alone, nothing changed. Its error."""
    document = site.deploy(code=1)
    outcomes = {d["device"]: d["outcome"] for d in document["devices"]}
    assert (document["outcome"], outcomes.pop(device)) == ("failed", "failed")
    assert set(outcomes.values()) <= {"refused", "unchanged"}
    assert {name: site.running(name) for name in NAMES} == site.baseline
    error = next(d["error"] for d in document["devices"] if d["device"] == device)
    assert "\n" not in error
    logged = [
        e for e in site.entries() if e.get("change") == document["change"] and e.get("device") == device
    ]
    assert [(e["phase"], e["outcome"]) for e in logged] == [("result", "failed")]
    return error


@pytest.fixture
def changed(site):
    with site.edited(*CHANGE):
        yield site


@pytest.mark.faults  # takes long
def test_an_unreachable_device(changed):
    site = changed
    port = lab_device(site, "r2")["port"]
    site.console("r2", "ip", "link", "set", "eth0", "down")
    try:
        error = stopped(site)
        document = site.document("plan", code=3)
    finally:
        site.console("r2", "ip", "link", "set", "eth0", "up")
    assert error.startswith(f"r2: connect: 127.0.0.1:{port}: ")
    assert document["unreachable"]["r2"].startswith(f"r2: connect: 127.0.0.1:{port}: ")


@pytest.mark.tally("faults")
def test_a_wrong_host_key(changed):
    site = changed
    device = lab_device(site, "r2")
    path, port, key = Path(device["known_hosts"]), device["port"], new_key()
    lines = [
        f"[127.0.0.1]:{port} {public(key)}" if f":{port} " in line else line
        for line in path.read_text().splitlines()
    ]
    with replaced(path, "\n".join(lines) + "\n"):
        error = stopped(site)
    assert error.startswith(f"r2: connect: 127.0.0.1:{port}: wrong host key: it offers ssh-ed25519 SHA256:")
    assert error.endswith(f"; find out why; if the new one is right, delete the old line of {path}")


def test_an_unknown_host_key(changed):
    site = changed
    device = lab_device(site, "r2")
    path, port = Path(device["known_hosts"]), device["port"]
    lines = [line for line in path.read_text().splitlines() if f":{port} " not in line]
    with replaced(path, "\n".join(lines) + "\n"):
        error = stopped(site)
    assert "unknown host key: it offers ssh-ed25519 SHA256:" in error


@pytest.mark.tally("faults")
def test_wrong_credentials(changed):
    site = changed
    path = Path(lab_device(site, "r2")["identity"])
    with replaced(path, openssh(new_key())):
        document = site.deploy(code=1)
    errors = [d["error"] for d in document["devices"]]
    assert len(errors) == 4
    assert all("login as admin refused" in error for error in errors)
    assert {name: site.running(name) for name in NAMES} == site.baseline


def test_a_device_that_is_no_frr_router(changed):
    site = changed
    site.console("r2", "mount", "--bind", "/dev/null", "/usr/bin/vtysh")
    try:
        error = stopped_before_reading_back(site)
    finally:
        site.console("r2", "umount", "/usr/bin/vtysh")
    assert "not an FRR router" in error
    assert error.endswith("; check the inventory's platform and address")


def test_a_dead_daemon(changed):
    site = changed
    # watchfrr would start it again, so both die.
    site.console("r2", "sh", "-c", "pkill -KILL watchfrr; pkill -KILL bgpd")
    try:
        error = stopped_before_reading_back(site)
    finally:
        site.console("r2", "sh", "-c", "/usr/lib/frr/frrinit.sh restart >/dev/null 2>&1")
        wait_until(lambda: site.running("r2") == site.baseline["r2"], seconds=60, every=0.5)
    assert "bgpd is down" in error


def stopped_before_reading_back(site):
    """Like ``stopped``, for a router whose running configuration lacks a part because its daemon is dead."""
    document = site.deploy(code=1)
    assert {d["device"]: d["outcome"] for d in document["devices"]}["r2"] == "failed"
    return next(d["error"] for d in document["devices"] if d["device"] == "r2")


def test_a_lab_that_is_not_up_and_one_that_is_asked_for_another_network(site, tmp_path):
    site.run("lab", "up")
    with site.start("-w", str(tmp_path), "plan") as process:
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err.splitlines()[-1].split(" (no config")[0]) == (
        64,
        f"error: {tmp_path} is not a workspace",
    )
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(site.workspace, elsewhere, ignore=shutil.ignore_patterns(".netmgr"))
    with site.start("-w", str(elsewhere), "plan") as process:
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err.splitlines()[-1]) == (
        1,
        "error: the lab of square is not up; run `netmgr lab up -c square`",
    )


def test_a_manual_change_on_a_router_of_ours_is_planned_away(site):
    site.console("r1", "vtysh", "-c", "configure terminal", "-c", "ip route 192.0.2.0/24 blackhole")
    plan = site.document("plan", "--detailed-exitcode", code=2)
    assert [(d["device"], d["added"], d["removed"]) for d in plan["devices"] if d["action"] != "none"] == [
        ("r1", 0, 1)
    ]
    assert "-ip route 192.0.2.0/24 blackhole\n" in plan["devices"][0]["diff"]
    assert site.deploy()["outcome"] == "applied"
    assert site.running("r1") == site.baseline["r1"]
