"""Two emulated IOS devices from the command line: deploy, nothing left to do, drift found, taken back exactly."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NETMGR = str(Path(sys.executable).parent / "netmgr")
INVENTORY = {
    "client.yaml": "id: mini\nsites: {hq: {name: HQ}}\n",
    "groups.yaml": """\
ios:
  platform: ios
  data:
    site: hq
    system: {domain: mini.example, ntp: [192.0.2.1]}
    extra_config:
      - ip scp server enable
      - {section: [archive], lines: ["path flash:archive"]}
""",
    "hosts.yaml": """\
br1: {groups: [ios], data: {uid: br1, loopback: 10.9.0.1, bgp: {asn: 65001, ebgp_requires_policy: false}}}
br2: {groups: [ios], data: {uid: br2, loopback: 10.9.0.2, bgp: {asn: 65002, ebgp_requires_policy: false}}}
""",
    "topology.yaml": """\
links:
  - endpoints: ["br1:GigabitEthernet1", "br2:GigabitEthernet1"]
    subnet: 10.0.0.0/31
    ospf: {area: 0}
    bgp: true
""",
}


class Workspace:
    """A workspace with a client of two branches, and its lab."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def netmgr(self, *arguments: str, code: int = 0) -> str:
        command, *rest = arguments
        done = subprocess.run(
            [NETMGR, command, *rest, "-c", "mini"],
            cwd=self.path, env={**os.environ, "NETMGR_LAB": "1"}, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def document(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self.netmgr(*arguments, "-o", "json", code=code))

    def typed(self, device: str, *lines: str) -> str:
        """What the device's console answers."""
        done = subprocess.run(
            [NETMGR, "lab", "exec", "-c", "mini", device, "--", *lines],
            cwd=self.path, capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        return done.stdout

    def running(self, device: str) -> list[str]:
        """Without the header, which tells the time."""
        shown = self.typed(device, "show running-config").splitlines()
        return shown[shown.index(f"hostname {device}") :]


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    path = tmp_path_factory.mktemp("mini") / "workspace"
    subprocess.run([NETMGR, "init", str(path)], check=True, capture_output=True, timeout=60)
    (path / "inventory" / "mini").mkdir()
    for name, text in INVENTORY.items():
        (path / "inventory" / "mini" / name).write_text(text)
    workspace = Workspace(path)
    workspace.netmgr("lab", "up")
    yield workspace
    workspace.netmgr("lab", "down")


def test_from_a_fresh_device_to_the_intended_one_and_back(mini):
    fresh = {name: mini.running(name) for name in ("br1", "br2")}
    first = mini.document("deploy", "--yes", "-m", "first")
    assert (first["outcome"], [d["outcome"] for d in first["devices"]]) == ("applied", ["applied"] * 2)
    assert {c["status"] for c in first["checks"]} == {"passed"}
    assert [d["action"] for d in mini.document("plan")["devices"]] == ["none", "none"]
    assert "service timestamps log datetime msec" not in mini.running("br1")

    assert mini.document("rollback", first["change"], "--yes", "-m", "not yet")["outcome"] == "applied"
    assert {name: mini.running(name) for name in fresh} == fresh
    assert mini.document("deploy", "--yes", "-m", "again")["outcome"] == "applied"

    mini.typed("br1", "configure terminal", "no ntp server 192.0.2.1", "end")
    drift = mini.document("audit", "--detailed-exitcode", code=2)
    assert {d["device"]: (d["status"], d["added"], d["removed"]) for d in drift["devices"]} == {
        "br1": ("drifted", 1, 0), "br2": ("compliant", 0, 0),
    }  # fmt: skip
