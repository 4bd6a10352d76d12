"""What looks like a template of Ansible's, in every field of the inventory that takes it: shown, and never rendered.

Which these are the walk of tests/unit/inventory/test_every_field.py says. All of them are played at once.
"""

import html
import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.settings_yaml import load_settings
from netmgr.cli.progress import TerminalProgress
from netmgr.model.access import Actor
from netmgr.model.selection import Selection
from netmgr.wiring import Wiring
from netmgr.workflows.ansible import ansible_list, contacted
from netmgr.workflows.playbook import play
from tests.lab.playbooks.office import BIN, Office
from tests.unit.inventory.planted import LISTED, PLANTED, TOUCH, layer
from tests.unit.inventory.samples import SampleForm

pytestmark = pytest.mark.lab
HOSTS = ("web", "db", "mail")
DATA = {name: layer(LISTED)["data"] for name in HOSTS}


@pytest.fixture(scope="module")
def planted(office):
    """The office with the text in its files, and Linux hosts that may be said everything of that any device may."""
    kept = {name: (office.root / name) for name in ("inventory/office", "config")}
    for name, path in kept.items():
        shutil.copytree(path, office.root / "kept" / name)
    for name, content in PLANTED.items():
        office.write(
            f"{'config' if name == 'people.yaml' else 'inventory/office'}/{name}", json.dumps(content)
        )
    wiring = Wiring(office.root, load_settings(office.root))
    wiring.inventories = YamlInventories(office.root, {"linux": SampleForm(loopback=None)})
    yield wiring
    for name in HOSTS:
        office.on(name, "rm", "-f", "/srv/hostile", "/srv/own")
    for name, path in kept.items():
        shutil.rmtree(path)
        shutil.move(office.root / "kept" / name, path)


def untouched(office: Office) -> bool:
    return not [*office.root.rglob("x"), *office.scratch.rglob("x"), *Path.cwd().glob("x")]


def test_a_run_shows_it_and_renders_it_nowhere(office, planted, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(office.scratch))
    monkeypatch.chdir(office.root)
    runtime = planted.runtime(
        client="office",
        target="lab",
        actor=Actor(id="p-1", auth="os", on="here"),
        request="0190a7a2-0000-7000-8000-000000000001",
        progress=TerminalProgress(),
        interrupted=lambda: False,
    )
    done = play(runtime, "hostile", Selection())
    assert [(host.device, host.status) for host in done.devices if host.status != "skipped"] == [
        (name, "changed") for name in HOSTS
    ]
    for name in HOSTS:
        described, given = map(json.loads, office.on(name, "cat", "/srv/hostile").splitlines())
        assert described["data"] == DATA[name]
        assert given == [TOUCH, [TOUCH, {"key": TOUCH}]]
        assert office.on(name, "cat", "/srv/own") == json.dumps([TOUCH, [f"/{TOUCH}"]])
        linked = [TOUCH] if name != "mail" else []
        assert [link["description"] for link in described["links"]] == linked
    assert untouched(office)


def test_plain_ansible_shows_it_and_renders_it_nowhere(office, planted):
    """Through the inventory script, and through the plug-in; both say what ``netmgr inventory ansible`` says."""
    inventory = planted.inventories.load("office")
    document = ansible_list(
        inventory, {r.device: r for r in planted.reach(inventory, "lab", contacted(inventory))}
    )
    hostvars = document["_meta"]["hostvars"]
    assert list(hostvars) == [*HOSTS, "later"]
    said = sum(json.dumps(each["netmgr"]).count(TOUCH) for each in hostvars.values())
    assert said > sum(json.dumps(DATA[name]).count(TOUCH) for name in HOSTS)
    (office.root / "document.json").write_text(json.dumps(document))
    script = office.root / "said.sh"
    script.write_text(f'#!/bin/sh\ncat "{office.root}/document.json"\n')
    script.chmod(0o700)
    (office.root / "said.netmgr.yaml").write_text(
        f"{{plugin: netmgr.netmgr.inventory, client: office, command: {json.dumps(str(script))}}}\n"
    )
    for source in (script, office.root / "said.netmgr.yaml"):
        words = [
            "-i",
            str(source),
            "-m",
            "debug",
            "-a",
            "msg={{ netmgr }}{{ hostvars | string | length }}",
            "all",
        ]
        done = subprocess.run(
            [BIN / "ansible", *words],
            cwd=office.root,
            env={
                "PATH": f"{BIN}:/usr/bin:/bin",
                "HOME": str(office.scratch),
                "LANG": "C.UTF-8",
                "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
                "ANSIBLE_COLLECTIONS_PATH": str(Path(__file__).parents[3]),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.count(TOUCH) == said
        assert untouched(office)


def test_a_report_shows_it(office, planted):
    """Names, sites and contacts; what reports do with markup of every kind is tests/unit/report/test_hostile.py's."""
    for name in ("groups.yaml", "defaults.yaml", "topology.yaml"):
        (office.root / "inventory/office" / name).unlink()
    office.write("inventory/office/hosts.yaml", json.dumps({name: {"platform": "linux"} for name in HOSTS}))
    day = datetime.now(UTC).date().isoformat()
    words = ("--from", day, "--to", day, "--format", "html,md,json", "--out", str(office.root / "reports"))
    out, _ = office.run("report", "-c", "office", *words)
    texts = [Path(line).read_text() for line in out.splitlines()]
    assert [TOUCH in html.unescape(text) for text in texts] == [True] * 3
    assert untouched(office)
