"""A client whose routers are reached through a bastion only: everything is booted in one lab, for all tests here.

From the caller's network the lab is a few forwarded ports on loopback. The routers' own management addresses
(172.30.0.0/16) exist inside the lab alone, where the bastion is: with target ``network`` the inventory's host names
are those addresses, and the bastion's forwarded port is the jump host.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit

ROOT = Path(__file__).parents[3]
NETMGR = str(Path(sys.executable).with_name("netmgr"))
ONE_COMMAND = 120  # seconds that a command may take
#: The lab gives management addresses in the order of hosts.yaml.
MANAGEMENT = {name: f"172.30.0.{10 + number}" for number, name in enumerate(("bastion", "r1", "r2", "h1"))}

FILES = {
    "config/netmgr.yaml": "deploy: {timeout: 5}\n",
    "inventory/field/client.yaml": "id: field\n",
    "inventory/field/hosts.yaml": f"""\
bastion: {{platform: linux, hostname: {MANAGEMENT["bastion"]}}}
r1:
  platform: frr
  hostname: {MANAGEMENT["r1"]}
  data:
    loopback: 10.255.0.1
    interfaces: {{eth2: {{ipv4: 192.0.2.1/24}}}}
r2: {{platform: frr, hostname: {MANAGEMENT["r2"]}, data: {{loopback: 10.255.0.2}}}}
h1:
  platform: linux
  hostname: {MANAGEMENT["h1"]}
  data:
    interfaces: {{eth1: {{ipv4: 192.0.2.10/24, ipv6: "2001:db8:2::10/64"}}}}
    static_routes:
      - {{prefix: 0.0.0.0/0, next_hop: 192.0.2.1}}
""",
    "inventory/field/topology.yaml": """\
links:
  - {endpoints: ["r1:eth1", "r2:eth1"], subnet: 10.0.0.0/31}
  - {endpoints: ["r1:eth2", "h1:eth1"]}
""",
}


@dataclass
class Field:
    """The client's workspace and its lab."""

    workspace: Path
    environment: dict[str, str]

    def netmgr(self, *arguments: str, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
        """A command for this client, with the exit code that it must have."""
        done = subprocess.run(
            [NETMGR, "-w", str(self.workspace), "-c", "field", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=ONE_COMMAND,
            env=self.environment | environment,
        )
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done

    def document(self, *arguments: str, code: int = 0, **environment: str) -> dict[str, Any]:
        """The JSON document that a command prints."""
        document: dict[str, Any] = json.loads(
            self.netmgr(*arguments, "-o", "json", code=code, **environment).stdout
        )
        return document

    def console(self, device: str, *command: str) -> str:
        """Run a command on a device's console; its output."""
        words = FrrLab(self.workspace / ".netmgr" / "lab", LabKit()).console("field", device, command)
        return subprocess.run(words, capture_output=True, text=True, check=True, timeout=30).stdout


@pytest.fixture(scope="session")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    workspace = tmp_path_factory.mktemp("field-workspace")
    for name, text in FILES.items():
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copytree(ROOT / "templates", workspace / "templates")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("NETMGR_")}
    booted = Field(workspace, clean)
    booted.netmgr("lab", "up")
    yield booted
    booted.netmgr("lab", "down")
