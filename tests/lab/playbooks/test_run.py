"""``netmgr playbook run`` on real SSH servers: what is done, said and logged, and what is kept from a playbook."""

import base64
import contextlib
import json
import os
import signal
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.lab.playbooks.conftest import CANARY, OTHERS, TOUCH
from tests.lab.playbooks.office import Office
from tests.waiting import wait_until

pytestmark = pytest.mark.lab


def test_a_run_changes_says_and_logs_what_it_changed(office):
    checked = office.play("write", "--check", "--detailed-exitcode", code=2)
    assert (checked["check"], checked["outcome"]) == (True, "changed")
    assert office.on("web", "ls", "/srv") == ""
    before = len(office.log())
    done = office.play("write", "-l", "web")
    assert [(host["device"], host["status"], host["changed"]) for host in done["devices"]] == [
        ("web", "changed", 1)
    ]
    assert done["devices"][0]["diff"] == "--- before\n+++ /srv/hello\n@@ -0,0 +1 @@\n+hello\n"
    assert office.on("web", "cat", "/srv/hello") == "hello\n"
    assert office.on("db", "ls", "/srv") == ""
    begun, result, end = office.log()[before:]
    assert (begun["phase"], begun["facts"]["devices"], begun["facts"]["playbook"]) == (
        "intent",
        ["web"],
        "write",
    )
    assert len(begun["facts"]["digest"]) == 64
    assert (result["device"], result["outcome"], result["facts"]["changed"]) == ("web", "changed", 1)
    assert (result["body"]["type"], result["text"]) == ("text/x-diff", done["devices"][0]["diff"])
    assert (end["phase"], end["outcome"], end["facts"]["changed"], "device" in end) == (
        "result",
        "changed",
        1,
        False,
    )
    assert len({entry["request"] for entry in (begun, result, end)}) == 1
    again = office.play("write", "-l", "web", "--detailed-exitcode")
    assert again["outcome"] == "ok"


def test_what_is_given_on_the_command_line_is_text(office):
    office.play("write", "-l", "web", "-e", f"greeting={TOUCH}")
    assert office.on("web", "cat", "/srv/hello") == f"{TOUCH}\n"
    assert not list(office.root.rglob("x"))


def test_people_see_the_target_the_tasks_the_diffs_and_a_table(office):
    out, err = office.run("playbook", "run", "write", "-c", "office", "-l", "db", "-e", "greeting=good day")
    assert out.splitlines()[0] == "# db"
    assert "+good day" in out.splitlines()
    assert [line.split() for line in out.splitlines()[-2:]] == [
        ["HOST", "RESULT", "OK", "CHANGED", "FAILED", "SKIPPED"],
        ["db", "changed", "1", "1", "0", "0"],
    ]
    said = err.splitlines()
    assert said[:3] == ["target: lab of office", "write: 1 devices", "write: Say hello"]
    assert said[3].startswith("write: 1 changed in ")


def encodings(value: str) -> set[bytes]:
    raw = value.encode()
    inside = {base64.b64encode(b"\0" * before + raw)[4:-4] for before in range(3)}
    return {
        raw,
        quote(value).encode(),
        quote(value, safe="").encode(),
        json.dumps(value)[1:-1].encode(),
        *inside,
    }


def seen_on_this_machine(office: Office) -> bytes:
    """What others could read while it runs: arguments and environments of all processes, and every file of the run."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        for name in ("cmdline", "environ"):
            try:
                found.append((process / name).read_bytes())
            except OSError:
                continue
    for directory in (office.scratch, office.root / ".netmgr", office.root / "bodies"):
        for path in directory.rglob("*"):
            if path.is_file() and not path.is_symlink():
                found.append(path.read_bytes())
    return b"\0".join(found)


def test_a_secret_is_found_nowhere(office):
    process = office.start("playbook", "run", "shown", "-c", "office", "-o", "json")
    wait_until(lambda: "token" in office.on("db", "ls", "/srv"), seconds=60)
    assert office.on("db", "head", "-n1", "/srv/token") == f"{CANARY}\n"  # the playbook had it
    during = seen_on_this_machine(office)
    office.on("db", "touch", "/run/looked-at")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1, out + err
    logged = json.dumps(office.log())
    after = seen_on_this_machine(office)
    for place, content in (("during", during), ("after", after), ("out", out), ("err", err), ("log", logged)):
        text = content if isinstance(content, bytes) else content.encode()
        assert [form for form in encodings(CANARY) if form in text] == [], place
    (host,) = (host for host in json.loads(out)["devices"] if host["device"] == "db")
    assert host["error"].startswith("db: Fail with it: no: <secret:token> <secret:token>")
    assert "+<secret:token>\n" in host["diff"]
    assert running(office) == []


def test_text_of_the_inventory_is_never_rendered(office):
    """In every field of the inventory that takes it, and in variables at any depth."""
    hosts = office.root / "inventory/office/hosts.yaml"
    kept = hosts.read_text()
    data = {
        "interfaces": {"eth1": {"description": TOUCH}},
        "system": {"banner": TOUCH, "motd": TOUCH, "snmp": {"location": TOUCH, "contact": TOUCH}},
    }
    hosts.write_text(f"web: {json.dumps({'platform': 'linux', 'data': data})}\ndb: {{platform: linux}}\n")
    try:
        done = office.play("hostile", "-l", "web")
    finally:
        hosts.write_text(kept)
    assert done["outcome"] == "changed"
    written = office.on("web", "cat", "/srv/hostile").splitlines()
    assert json.loads(written[0])["data"]["system"]["banner"] == TOUCH
    assert json.loads(written[1]) == [TOUCH, [TOUCH, {"key": TOUCH}]]
    assert not list(office.root.rglob("x"))


def test_a_playbook_does_not_work_here_unless_it_is_listed(office):
    _, err = office.run("playbook", "run", "here", "-c", "office", code=5)
    assert err.splitlines()[-1] == (
        "error: refused (local): playbooks/here.yaml:2: hosts: localhost: it works on the machine that runs netmgr; "
        "if it must, name here under playbooks.local in config/netmgr.yaml"
    )
    before = len(office.log())
    done = office.play("sneaky", "-l", "web", NETMGR_SECRET_OTHER__TOKEN=OTHERS)
    tasks = {task["task"]: task["message"] or "" for task in done["devices"][0]["tasks"]}
    here, file = "no task runs on netmgr's machine", "is no file of playbooks/"
    expected = {
        "By delegation": here,
        "By connection": here,
        "By a lookup": here,
        "By a file of another client": file,
        "By copying it": file,
        "By including it": "Action failed",  # include_vars keeps the reason to itself
        "By the environment": "env <>",
        "By fetching": "files are fetched into {{ netmgr.scratch }}",
    }
    assert {name: said in tasks[name] for name, said in expected.items()} == dict.fromkeys(expected, True), (
        tasks
    )
    assert office.on("web", "ls", "/srv") == "hello\nhostile\n"
    assert OTHERS not in json.dumps([done, office.log()[before:]])
    assert not list(office.root.rglob("x"))


def test_another_client_s_devices_are_not_there(office):
    assert "not yours" not in office.on("web", "cat", "/srv/hostile")
    _, err = office.run("playbook", "run", "write", "-c", "office", "-l", "theirs", code=64)
    assert "no device of office matches theirs" in err


@pytest.mark.faults
def test_a_playbook_that_means_none_of_the_hosts_is_no_success(office):
    _, err = office.run("playbook", "run", "shown", "-c", "office", "-l", "web", code=64)
    assert "playbooks/shown.yaml is for role_database: none of the 1 devices; nothing was done" in err


def test_a_host_that_is_not_reached_keeps_no_other_from_being_done(office):
    status = json.loads(office.run("lab", "status", "-c", "office", "-o", "json")[0])
    known = Path(status["devices"][0]["known_hosts"])
    kept = known.read_text()
    port = next(device["port"] for device in status["devices"] if device["device"] == "db")
    known.write_text(kept.replace(f"]:{port} ", "]:1 "))
    try:
        done = office.play("write", "-e", f"greeting={os.getpid()}", code=3)
    finally:
        known.write_text(kept)
    found = {host["device"]: (host["status"], host["error"]) for host in done["devices"]}
    assert found["web"] == ("changed", None)
    assert found["db"][0] == "unreachable"
    assert "Host key verification failed" in found["db"][1]


def running(office: Office) -> list[str]:
    """Directories of runs, and Ansible's processes in them."""
    found = [str(path) for path in office.scratch.glob("netmgr-play-*")]
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_bytes()
            if b"ansible-playbook" in words and str(office.scratch).encode() in words:
                found.append(words.replace(b"\0", b" ").decode())
    return found


@pytest.mark.faults
def test_an_interruption_ends_the_run_and_is_logged(office):
    process = office.start("playbook", "run", "waits", "-c", "office", "-l", "web")
    wait_until(lambda: any("ansible-playbook" in each for each in running(office)), seconds=60)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "interrupted; what was begun on a host may be half done" in err
    assert office.log()[-1]["outcome"] == "failed"
    wait_until(lambda: running(office) == [], seconds=30)


@pytest.mark.faults
def test_a_netmgr_that_is_killed_takes_ansible_with_it_and_the_next_run_cleans_up(office):
    process = office.start("playbook", "run", "waits", "-c", "office", "-l", "web")
    wait_until(lambda: any("ansible-playbook" in each for each in running(office)), seconds=60)
    process.kill()
    process.communicate(timeout=60)
    wait_until(lambda: not any("ansible-playbook" in each for each in running(office)), seconds=30)
    assert len(running(office)) == 1
    assert office.log()[-1]["phase"] == "intent"
    office.play("write", "-l", "web")
    assert running(office) == []
