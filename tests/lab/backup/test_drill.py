"""The machine that runs netmgr is wiped, and every router with it: what the second place and the backups are worth."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.site import NAMES, NETMGR, Site
from tests.waiting import wait_until

pytestmark = pytest.mark.lab


@pytest.fixture
def kept(site: Site, tmp_path: Path) -> Iterator[Site]:
    """The square with somebody to open its backups, and a second place for its archives."""
    settings = site.workspace / "config/netmgr.yaml"
    before = settings.read_text()
    keys = [site.run("backup", "key", str(tmp_path / f"{name}.key")).strip() for name in ("offline", "daily")]
    settings.write_text(
        f"{before}backups: {{recipients: [{keys[0]}]}}\n"
        f"state: {{to: {tmp_path / 'second'}, recipients: [{', '.join(keys)}]}}\n"
    )
    yield site
    settings.write_text(before)


def test_everything_is_lost_and_comes_back(kept: Site, tmp_path: Path) -> None:
    kept.document("backup", "run")
    made = kept.document("drill")
    assert {device["device"]: device["outcome"] for device in made["devices"]} == dict.fromkeys(
        NAMES, "proved"
    )
    assert {device["added"] + device["removed"] for device in made["devices"]} == {0}
    assert {device["kind"] for device in made["devices"]} == {"real"}
    assert (made["outcome"], made["adjacencies"], made["up"]) == ("passed", 16, 16)
    assert made["seconds"]["recovered"] > 0
    assert list((kept.workspace / ".netmgr/twins").iterdir()) == []
    assert {name: kept.running(name) for name in NAMES} == kept.baseline
    kept.run("state", "backup")
    entries = kept.entries()

    # Another machine, where nothing is but netmgr, the second place and what was in the safe.
    (archive,) = (tmp_path / "second").glob("*.netmgr-state.age")
    anew = Site(tmp_path / "anew")
    words = (
        "state",
        "restore",
        str(archive),
        str(anew.workspace),
        "--identity",
        str(tmp_path / "offline.key"),
    )
    subprocess.run([NETMGR, *words], check=True, timeout=120, env=kept.environment(), cwd=tmp_path)
    try:
        anew.run("lab", "up")
        assert not any("router bgp" in anew.running(name) for name in NAMES)
        anew.run("recover")
        for name in NAMES:
            result = anew.document("restore", name, "--yes", "--confirm-in", "60", "-m", "all is lost")
            assert result["outcome"] == "applied"
        assert {name: anew.running(name) for name in NAMES} == kept.baseline
        wait_until(lambda: not any(anew.down(name) for name in NAMES), seconds=60, every=0.5)
        assert json.loads(anew.run("log", "verify", "-o", "json"))["problems"] == []
        anew.run("backup", "check")
        again = anew.entries()
        assert again[: len(entries) - 1] == entries[:-1]
        assert anew.document("plan")["devices"]
        assert {device["action"] for device in anew.document("plan")["devices"]} == {"none"}
    finally:
        anew.run("lab", "down")
