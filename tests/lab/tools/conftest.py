"""A small client with routers and a Linux host in one lab, for programs other than netmgr."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent

FILES = {
    "config/netmgr.yaml": "lab: {overlay: {ospf: {hello_interval: 1}}}\n",
    "inventory/office/client.yaml": "id: office\naccess: {user: netops, credentials: secret://file/login}\n",
    "inventory/office/groups.yaml": "servers: {platform: linux, data: {role: server}}\n",
    "inventory/office/hosts.yaml": """\
r1: {platform: frr, data: {loopback: 10.255.0.1}}
linuxhost:
  groups: [servers]
  data: {interfaces: {eth1: {description: "{{ lookup('pipe','id') }}"}}}
other: {platform: frr, data: {lifecycle: external}}
""",
    "inventory/office/topology.yaml": 'links: [{endpoints: ["r1:eth1", "linuxhost:eth1"], subnet: 192.0.2.0/31}]\n',
}


@dataclass
class Office:
    """The client's workspace; its lab is up."""

    root: Path

    def run(self, *words: str, code: int = 0, **environment: str) -> str:
        """Standard output of a program that ends with ``code``; the lab is its target."""
        done = subprocess.run(
            [str(BIN / words[0]), *words[1:]],
            cwd=self.root,
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith(("NETMGR_", "ANSIBLE_"))},
                "PATH": f"{BIN}:{os.environ['PATH']}",
                "ANSIBLE_HOME": str(self.root.parent / ".ansible"),
                "NETMGR_LAB": "1",
                "NETMGR_CLIENT": "office",
                **environment,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def document(self, *words: str, **environment: str) -> dict:
        return json.loads(self.run(*words, **environment))


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    # A space and a percent sign: ssh, shells and Ansible each give them a meaning.
    root = tmp_path_factory.mktemp("office") / "work 100%"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for part in ("templates", "playbooks"):
        shutil.copytree(ROOT / part, root / part)
    office = Office(root)
    office.run("netmgr", "lab", "up")
    yield office
    FrrLab(root / ".netmgr" / "lab", LabKit()).down("office")
