"""A client whose routers are reached through a bastion only: everything is booted in one lab, for all tests here.

From the caller's network the lab is a few forwarded ports on loopback. The routers' own management addresses
(172.30.0.0/16) exist inside the lab alone, where the bastion is: with target ``network`` the inventory's host names
are those addresses, and the bastion's forwarded port is the jump host.
"""

import contextlib
import io
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

from netmgr.cli import main
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

    def ssh(self, device: str, command: str) -> subprocess.CompletedProcess[str]:
        """Log in over the lab's own port with plain ssh and strict host key checking."""
        host = next(d for d in self.document("lab", "status")["devices"] if d["device"] == device)
        argv = ["ssh", "-F", "none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes"]
        argv += ["-o", f'UserKnownHostsFile="{host["known_hosts"]}"', "-i", host["identity"]]
        argv += ["-p", str(host["port"]), f"{host['user']}@{host['address']}", command]
        return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=30)

    def console(self, device: str, *command: str) -> str:
        """Run a command on a device's console; its output."""
        words = FrrLab(self.workspace / ".netmgr" / "lab", LabKit()).console("field", device, command)
        return subprocess.run(words, capture_output=True, text=True, check=True, timeout=30).stdout


@dataclass
class Network:
    """The same devices as the network that the bastion leads to: nothing of the lab's own access is used."""

    field: Field
    port: int
    """The bastion's, on loopback."""
    key: str
    """The engineer's private key."""
    keys: dict[str, str]
    """Each device's host key, as a known_hosts line has it."""

    @property
    def known_hosts(self) -> Path:
        return self.field.workspace / ".netmgr/known_hosts/field"

    def access(self, **access: Any) -> None:
        """client.yaml with this access, over the engineer's key in a secret and one jump."""
        whole = {"user": "admin", "credentials": "secret://env/ssh", "jump": [f"admin@127.0.0.1:{self.port}"]}
        given = {k: v for k, v in (whole | access).items() if v is not None}
        path = self.field.workspace / "inventory/field/client.yaml"
        path.write_text(f"id: field\naccess: {json.dumps(given)}\n")

    def trust(self, **keys: str) -> None:
        """known_hosts with the right keys, but for those given."""
        known = self.keys | keys
        names = MANAGEMENT | {"bastion": f"[127.0.0.1]:{self.port}"}
        lines = [f"{names[device]} {key}\n" for device, key in known.items() if key]
        lines.append(f"{MANAGEMENT['bastion']} {self.keys['bastion']}\n")  # as a device, from inside
        self.known_hosts.parent.mkdir(mode=0o700, exist_ok=True)
        self.known_hosts.touch(0o600)
        self.known_hosts.write_text("".join(lines))

    def document(self, *arguments: str, code: int = 0, **environment: str) -> dict[str, Any]:
        """The JSON document that a command prints."""
        document: dict[str, Any] = json.loads(
            self.here(*arguments, "-o", "json", code=code, **environment)[0]
        )
        return document

    def here(self, *arguments: str, code: int = 0, **environment: str) -> tuple[str, str]:
        """A command in this process, which is quicker; its standard output and error."""
        out, err = io.StringIO(), io.StringIO()
        words = ["-w", str(self.field.workspace), "-c", "field", *arguments]
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            patch.delenv("SSH_AUTH_SOCK", raising=False)
            for name, value in ({"NETMGR_SECRET_FIELD__SSH": self.key} | environment).items():
                patch.setenv(name, value)
            found = main.run(words)
        assert found == code, f"{arguments}: {found}\n{out.getvalue()}\n{err.getvalue()}"
        return out.getvalue(), err.getvalue()

    def logins(self, device: str) -> list[str]:
        """From where somebody has logged in to the device, in order: its own sshd says so."""
        log = self.field.workspace / ".netmgr/lab/field/log" / device / "sshd.log"
        words = [line.split() for line in log.read_text().splitlines() if line.startswith("Accepted ")]
        return [line[line.index("from") + 1] for line in words]

    def running(self) -> dict[str, str]:
        """What the routers run, read on their consoles."""
        return {name: self.field.console(name, "vtysh", "-c", "show running-config") for name in ("r1", "r2")}


@pytest.fixture
def network(field: Field) -> Iterator[Network]:
    """Reachable through the bastion alone, with the right keys; every test begins so."""
    status = field.document("lab", "status")["devices"]
    known = dict(line.split(" ", 1) for line in Path(status[0]["known_hosts"]).read_text().splitlines())
    keys = {d["device"]: known[f"[127.0.0.1]:{d['port']}"] for d in status}
    made = Network(field, status[0]["port"], Path(status[0]["identity"]).read_text(), keys)
    made.access()
    made.trust()
    yield made
    shutil.rmtree(made.known_hosts.parent, ignore_errors=True)


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
