"""Backups of real routers: what is kept is what they show, a dead daemon's part is missed, a lost router comes back."""

import subprocess
from collections.abc import Iterator

import pytest

from tests.lab.site import NAMES, Site
from tests.waiting import wait_until

pytestmark = pytest.mark.lab


@pytest.fixture
def kept(site: Site) -> Iterator[Site]:
    """The square with somebody to open its backups."""
    settings = site.workspace / "config/netmgr.yaml"
    before = settings.read_text()
    public = site.run("backup", "key", str(site.workspace / "offline.key")).strip()
    settings.write_text(f"{before}backups: {{recipients: [{public}]}}\n")
    yield site
    settings.write_text(before)
    (site.workspace / "offline.key").unlink()


def statuses(made: dict[str, object]) -> dict[str, str]:
    return {device["device"]: device["status"] for device in made["devices"]}  # type: ignore[attr-defined]


def opened(site: Site, device: str, document: str) -> str:
    """A document of the newest version, opened without netmgr: git and the identity that was put away."""
    import pyrage

    repository = str(site.workspace / ".netmgr/backups/square")
    argv = ["git", "-C", repository, "show", f"lab:devices/{device}/{document}.age"]
    sealed = subprocess.run(argv, check=True, capture_output=True, timeout=30).stdout
    line = (site.workspace / "offline.key").read_text().splitlines()[-1]
    return bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(line)])).decode()


def shown(site: Site, device: str) -> str:
    """What the router itself shows, from its first line of configuration on."""
    text = site.running(device)
    return text[text.index("frr version ") :]


def test_what_is_kept_is_what_the_routers_show_and_a_lost_one_comes_back(kept: Site) -> None:
    made = kept.document("backup", "run")
    assert statuses(made) == dict.fromkeys(NAMES, "stored")
    for name in NAMES:
        assert opened(kept, name, "running") == shown(kept, name)
        assert opened(kept, name, "startup") == kept.console(name, "cat", "/etc/frr/frr.conf")
    assert '"vendor": "FRRouting"' in opened(kept, "r1", "facts")
    assert statuses(kept.document("backup", "run")) == dict.fromkeys(NAMES, "unchanged")

    # All of r1 is lost: nothing is configured, nothing is saved.
    wipe = "rm -f /etc/frr/frr.conf && touch /etc/frr/frr.conf && /usr/lib/frr/frrinit.sh restart >/dev/null 2>&1"
    kept.console("r1", "sh", "-c", wipe)
    wait_until(lambda: "router bgp" not in kept.running("r1"), seconds=60, every=0.5)
    result = kept.document("restore", "r1", "--yes", "--confirm-in", "60", "-m", "a new router")
    assert (result["outcome"], kept.running("r1")) == ("applied", kept.baseline["r1"])
    wait_until(lambda: kept.down("r1") == [], seconds=60, every=0.5)
    newest = kept.document("backup", "list", "-l", "r1")["versions"][0]
    assert (newest["status"], opened(kept, "r1", "running")) == ("good", shown(kept, "r1"))


@pytest.mark.faults  # takes long
def test_a_dead_daemon_s_part_is_missed(kept: Site) -> None:
    kept.document("backup", "run")
    kept.console("r2", "sh", "-c", "pkill -KILL watchfrr; pkill -KILL bgpd")
    try:
        made = kept.document("backup", "run", "-l", "r2", code=1)
        (device,) = made["devices"]
        assert (device["status"], [finding["check"] for finding in device["findings"]]) == (
            "quarantined",
            ["daemons", "shrunk"],
        )
        kept.run("restore", "r2", device["version"], "--yes", code=5)
        assert "router bgp" in opened(kept, "r2", "running"), "the newest good version is what it was"
    finally:
        kept.console("r2", "sh", "-c", "/usr/lib/frr/frrinit.sh restart >/dev/null 2>&1")
        wait_until(lambda: kept.running("r2") == kept.baseline["r2"], seconds=60, every=0.5)
    kept.run("backup", "check")
