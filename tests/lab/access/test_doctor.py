"""The self-test on real devices behind a real bastion, and the enrolment of their host keys."""

import json
import stat

import pytest

from netmgr.lab.frr.keys import new_key

pytestmark = pytest.mark.lab


def access(document):
    return {
        c["name"]: (c["status"], c["detail"], c["remedy"])
        for c in document["checks"]
        if c["area"] == "access"
    }


def enrolments(network):
    log = network.field.netmgr("log", "export").stdout.splitlines()
    entries = [json.loads(line) for line in log]
    return [
        (e["action"], e["outcome"], e.get("device"), e["facts"]) for e in entries if e["kind"] == "access"
    ]


def test_everybody_answers(network):
    document = network.document("doctor")
    well = ("ok", "answers, host key known, login works", "")
    assert access(document) == {
        f"127.0.0.1:{network.port}": ("ok", "answers, host key known", ""),
        **dict.fromkeys(("bastion", "r1", "r2", "h1"), well),
    }
    assert document["enrolled"] == []
    assert list(access(network.document("doctor", "-l", "r1"))) == [f"127.0.0.1:{network.port}", "r1"]
    lab = access(network.document("doctor", "--lab"))
    assert lab == dict.fromkeys(("bastion", "r1", "r2", "h1"), well)


def test_from_no_key_at_all_to_a_plan(network):
    """Only what is named is enrolled, and only with a yes; then it works, and the log knows."""
    network.document("plan")
    network.known_hosts.unlink()
    hop = f"127.0.0.1:{network.port}"
    offered = network.keys["bastion"].split()[0]
    found = access(network.document("doctor", code=1))
    status, detail, remedy = found[hop]
    assert (status, detail.startswith(f"unknown host key: it offers {offered} SHA256:")) == ("failed", True)
    assert remedy == (f"compare it with the device's own, then run `netmgr doctor -c field --enrol {hop}`")
    assert {found[name][0] for name in ("r1", "r2", "h1")} == {"failed"}
    assert found["r1"][1].startswith(f"jump {hop}: no host key on record")
    before = enrolments(network)

    err = network.here("doctor", "--enrol", hop, code=5)[1]
    assert err.splitlines()[-1] == (
        "error: refused (approval): there is no terminal to ask on; compare the fingerprint, then add --yes"
    )
    assert not network.known_hosts.exists()

    document = network.document("doctor", "--enrol", "r1", hop, "--yes", code=1)
    assert [key["name"] for key in document["enrolled"]] == [hop, "r1"]
    found = access(document)
    assert [found[name][0] for name in (hop, "r1", "r2")] == ["ok", "ok", "failed"]
    assert found["r2"][1].startswith("unknown host key: it offers ssh-ed25519 SHA256:")
    lines = network.known_hosts.read_text().splitlines()
    assert lines == [
        f"[127.0.0.1]:{network.port} {network.keys['bastion']}",
        f"172.30.0.11 {network.keys['r1']}",
    ]
    assert stat.S_IMODE(network.known_hosts.stat().st_mode) == 0o600
    assert enrolments(network)[len(before) :] == [
        (
            "enrol-host-key",
            "enrolled",
            None if key["name"] == hop else "r1",
            {"host": key["host"], "key_type": key["key_type"], "fingerprint": key["fingerprint"]},
        )
        for key in document["enrolled"]
    ]
    assert network.document("plan", "-l", "r1")["unreachable"] == {}
    again = network.document("doctor", "--enrol", "r1", "--yes", code=1)
    assert again["enrolled"] == []


def test_a_changed_key_is_never_replaced(network):
    other = new_key().public
    network.trust(r1=other)
    before = network.known_hosts.read_text()
    line = before.splitlines().index(f"172.30.0.11 {other}") + 1
    status, detail, remedy = access(network.document("doctor", code=1))["r1"]
    assert status == "failed"
    assert detail.startswith("r1 offers ssh-ed25519 SHA256:")
    assert detail.endswith(f"({network.known_hosts}:{line})")
    assert remedy == "find out why it changed; if the new one is right, delete that line, then enrol it"
    err = network.here("doctor", "--enrol", "r1", "--yes", code=5)[1]
    assert err.splitlines()[-1].startswith("error: refused (host_key): r1 offers ssh-ed25519 SHA256:")
    assert network.known_hosts.read_text() == before


def test_a_device_that_is_down_and_wrong_credentials(network):
    network.field.console("r2", "ip", "link", "set", "eth0", "down")
    try:
        found = access(network.document("doctor", code=1))
    finally:
        network.field.console("r2", "ip", "link", "set", "eth0", "up")
    hop = f"127.0.0.1:{network.port}"
    # Whether the bastion gives up first or we do is a matter of milliseconds.
    assert found["r2"][0] == "failed"
    assert found["r2"][1] in (
        f"jump {hop}: it cannot reach 172.30.0.12:22",
        f"jump {hop}: no answer from 172.30.0.12:22 within 5 s",
    )
    assert (found["r1"][0], found["h1"][0]) == ("ok", "ok")
    found = access(network.document("doctor", code=1, NETMGR_SECRET_FIELD__SSH=new_key().private))
    assert found[hop][0] == "ok"
    assert found["r1"][:2] == ("failed", f"jump {hop}: login as admin refused: Authentication failed.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--enrol",), "error: --enrol and the names of devices or jump hosts belong together"),
        (("r1",), "error: --enrol and the names of devices or jump hosts belong together"),
        (
            ("--lab", "--enrol", "r1"),
            "error: the lab's host keys are on record already; --enrol is for the network",
        ),
        (("-l", "r9"), "error: no device of field matches r9"),
        (("--enrol", "r9", "--yes"), "error: field has no device or jump host r9; it has 127.0.0.1:"),
    ],
)
def test_wrong_usage(network, words, said):
    assert network.here("doctor", *words, code=64)[1].splitlines()[-1].startswith(said)
