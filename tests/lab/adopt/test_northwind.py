"""Equipment of three makers over the wire: what five devices run becomes inventory of which nobody wrote a line."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from netmgr.cli.main import run
from tests.lab.site import ROOT

pytestmark = pytest.mark.lab

CLIENT = "northwind"
PLATFORMS = {"core1": "eos", "core2": "eos", "edge1": "junos", "portland1": "ios", "spokane1": "ios"}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("northwind-adopted")
    for name in ("config", "templates"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copytree(ROOT / "inventory" / CLIENT, root / "inventory" / CLIENT)
    secrets = root / "secrets" / CLIENT
    secrets.mkdir(parents=True, mode=0o700)
    for name in ("login", "netops", "ntp", "snmp", "tacacs"):
        (secrets / name).touch(0o600)
        (secrets / name).write_text(f"Secret-{name}-1")
    assert run(["-w", str(root), "lab", "up", "-c", CLIENT, "--from", "intended"]) == 0
    yield root
    assert run(["-w", str(root), "lab", "down", "-c", CLIENT]) == 0


def document(capsys, workspace, *arguments):
    capsys.readouterr()
    code = run(["-w", str(workspace), "--lab", *arguments, "-c", CLIENT, "-o", "json"])
    return code, json.loads(capsys.readouterr().out)


def test_all_of_it_is_adopted_and_reads_as_intended(workspace, capsys):
    inventory = workspace / "inventory" / CLIENT
    for name in ("groups.yaml", "topology.yaml"):
        (inventory / name).unlink()
    names = "".join(f"{name}: {{platform: {platform}}}\n" for name, platform in PLATFORMS.items())
    (inventory / "hosts.yaml").write_text(f"# Northwind.\n{names}")
    code, made = document(capsys, workspace, "adopt", "--secrets", "file")
    assert [(d["device"], d["error"]) for d in made["devices"]] == [(name, None) for name in PLATFORMS]
    assert (code, made["written"]) == (0, True)
    assert "Secret-" not in json.dumps(made)
    assert "Secret-" not in (inventory / "hosts.yaml").read_text()
    assert run(["-w", str(workspace), "validate", "-c", CLIENT]) == 0
    code, plan = document(capsys, workspace, "plan", "--detailed-exitcode")
    assert (code, [d["device"] for d in plan["devices"] if d["diff"]]) == (0, [])
    code, again = document(capsys, workspace, "adopt", "--secrets", "file", "--detailed-exitcode")
    assert (code, again["files"], again["secrets"]) == (0, [], [])
