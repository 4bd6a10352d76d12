"""`netmgr doctor` from the command line, without devices: what a person and a script see, and the exit codes."""

import json

import pytest

from netmgr.cli import main


@pytest.fixture
def doctor(world, capsys, monkeypatch):
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)

    def run(*words, code=0):
        found = main.run(["-w", str(world.workspace), "doctor", *words])
        out, err = capsys.readouterr()
        assert found == code, (found, out, err)
        return out, err

    return run


def test_warnings_do_not_fail_and_no_device_is_contacted_without_a_client(doctor):
    document = json.loads(doctor("-o", "json")[0])
    assert (document["schema"], document["client"], document["target"]) == (
        "netmgr.doctor/1",
        None,
        "network",
    )
    found = {(c["area"], c["name"]): c["status"] for c in document["checks"]}
    assert found["workspace", "square"] == "ok"
    assert found["secrets", "square: SSH agent"] == "warning"
    assert found["access", "devices"] == "not_measured"
    assert found["store", "service log"] == "ok"


def test_the_table_says_what_to_do_and_the_sum(world, doctor):
    secrets = world.workspace / "secrets"
    secrets.mkdir()
    secrets.chmod(0o755)
    out, _ = doctor(code=1)
    lines = out.splitlines()
    assert lines[0].split() == ["AREA", "CHECK", "STATUS", "FOUND"]
    assert "→ chmod 700 secrets" in out
    assert ", 1 failed" in lines[-1].replace("warning, ", "warning, ")
    assert max(map(len, lines)) <= 100


def test_a_damaged_store_is_a_finding_not_a_crash(world, doctor):
    state = world.workspace / ".netmgr"
    state.mkdir(mode=0o700, exist_ok=True)
    for path in state.glob("store.db*"):
        path.unlink()
    (state / "store.db").write_bytes(b"not a database, but long enough to be read as one" * 40)
    (state / "store.db").chmod(0o600)
    document = json.loads(doctor("-c", "square", "-o", "json", code=1)[0])
    failed = [(c["area"], c["name"]) for c in document["checks"] if c["status"] == "failed"]
    assert failed == [("store", "service log")]
    assert [c["status"] for c in document["checks"] if c["area"] == "access"] == ["not_measured"]


def test_who_may_not_change_may_not_enrol(world, doctor):
    (world.workspace / "config/people.yaml").write_text("p-9:\n  logins: [nobody-here]\n")
    err = doctor("-c", "square", "--enrol", "r1", "--yes", code=5)[1]
    assert " may not change square; " in err.splitlines()[-1]
    assert not (world.workspace / ".netmgr/known_hosts").exists()
