"""A secret reaches the router and nothing else."""

import base64
import subprocess

import pytest

from tests.lab.site import NAMES, ONE_COMMAND

pytestmark = pytest.mark.lab

CANARY, ROTATED = "canary-4711-Ab", "canary-4712-Cd"
VARIABLE = "NETMGR_SECRET_SQUARE__BGP_PEER"
#: A route, so that nothing depends on the kernel's TCP MD5 option, and the password line itself on an idle neighbor.
LINES = (
    "extra_config: [{section: router bgp 65001, lines: "
    "[neighbor 192.0.2.1 remote-as 65055, neighbor 192.0.2.1 password secret://env/bgp-peer]}]"
)


def shown(site, *arguments, code=0):
    """All that a command prints."""
    done = subprocess.run(
        site.command(*arguments),
        env=site.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=ONE_COMMAND,
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def test_a_secret_is_pushed_compared_rotated_and_never_shown(site, tmp_path):
    site.secrets[VARIABLE] = CANARY
    outputs = []
    try:
        with site.with_data("r1", LINES):
            plan = tmp_path / "plan.json"
            outputs.append(shown(site, "plan", "--out", str(plan)))
            assert "+ neighbor 192.0.2.1 password <secret:bgp-peer>\n" in outputs[-1]
            outputs.append(shown(site, "deploy", str(plan), "--yes", "--confirm-in", "60"))
            assert f" neighbor 192.0.2.1 password {CANARY}\n" in site.running("r1")
            outputs.append(shown(site, "plan", "--detailed-exitcode"))

            stale = tmp_path / "stale.json"
            outputs.append(shown(site, "plan", "--out", str(stale)))
            site.secrets[VARIABLE] = ROTATED
            outputs.append(shown(site, "deploy", str(stale), "--yes", code=5))
            assert "a secret has changed" in outputs[-1]
            outputs.append(shown(site, "plan", "--detailed-exitcode", code=2))
            outputs.append(shown(site, "deploy", "--yes", "-o", "json", "--confirm-in", "60"))
            assert f" neighbor 192.0.2.1 password {ROTATED}\n" in site.running("r1")

            rejected = LINES.replace("password secret", "pasword secret")
            with site.edited(LINES, rejected):
                outputs.append(shown(site, "deploy", "--yes", "--confirm-in", "60", code=1))
                assert "<secret:bgp-peer>" in outputs[-1]

            del site.secrets[VARIABLE]
            outputs.append(shown(site, "plan", code=1))
            assert f"secret://env/bgp-peer: set the environment variable {VARIABLE}\n" in outputs[-1]
    finally:
        site.secrets.clear()
    bodies = tmp_path / "bodies"
    outputs.append(shown(site, "log", "export", "--bodies", str(bodies)))
    outputs.append(shown(site, "log", "list"))
    assert site.deploy()["outcome"] == "applied"
    assert {name: site.running(name) for name in NAMES} == site.baseline

    files = [p.read_bytes() for root in (site.workspace, tmp_path) for p in root.rglob("*") if p.is_file()]
    assert len(files) > 20
    for canary in (CANARY, ROTATED):
        for form in (canary.encode(), base64.b64encode(canary.encode()).rstrip(b"=")[:-1]):
            assert [data for data in files if form in data] == []
        assert [text for text in outputs if canary in text] == []
