"""What scheduled work says for machines: lines that are each one event, on standard error and in a file."""

import json
import stat

import pytest

import netmgr.wiring
from netmgr.cli.main import run
from tests.clock import ManualClock

SCHEDULE = 'tell: {job: notify, cron: "*/5 * * * *"}\nlook: {job: audit, cron: "0 1 1 1 *"}\n'


@pytest.fixture
def netmgr_run(office, monkeypatch, capsys):
    """netmgr on the office's workspace, by its clock: exit code, standard output, the lines on standard error."""
    monkeypatch.setattr(netmgr.wiring, "SystemClock", lambda: office.clock)
    (office.workspace / "config/schedule.yaml").write_text(SCHEDULE)
    capsys.readouterr()

    def command(*arguments):
        code = run(["-w", str(office.workspace), *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err.splitlines()

    return command


def events(lines):
    known = [json.loads(line) for line in lines]
    assert all(list(each)[:1] == ["time"] for each in known)
    return [{key: value for key, value in each.items() if key not in ("time", "request")} for each in known]


def test_a_scheduled_run_is_told_as_it_begins_and_as_it_ends(office, netmgr_run):
    file = office.workspace / "runs.jsonl"
    options = ["schedule", "run", "--due", "--log-format", "json", "--log-file", str(file)]
    assert netmgr_run(*options) == (0, "", [])
    office.mail.down()
    office.change("c-1", "failed")
    office.wait(300)
    code, out, lines = netmgr_run(*options)
    assert (code, out) == (0, "")
    run_ = {"client": "acme", "job": "tell", "due": "2026-11-23T08:05:00+00:00"}
    assert events(lines) == [
        {"level": "info", "event": "run begun", **run_, "attempts": 1},
        {"level": "info", "event": "run ended", **run_, "state": "done", "outcome": "deferred"},
    ]
    assert file.read_text().splitlines() == lines
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(lines[0])["time"] == "2026-11-23T08:05:00.000000Z"


def test_a_job_that_fails_and_a_run_that_was_missed_have_their_levels(office, netmgr_run):
    options = ["schedule", "run", "--due", "--log-format", "json"]
    netmgr_run(*options)
    (office.workspace / "config/notify.yaml").write_text("rules: {}\n")
    office.wait(600)
    code, _, lines = netmgr_run(*options)
    assert code == 1
    assert [(each["level"], each["event"], each.get("state")) for each in events(lines)] == [
        ("warning", "run ended", "missed"),
        ("info", "run begun", None),
        ("error", "run ended", "failed"),
    ]
    assert "config/notify.yaml:1: rules: must be a list, not a mapping" in events(lines)[-1]["outcome"]


def test_what_is_sent_is_counted_and_what_is_not_is_said(office, netmgr_run):
    office.mail.down()
    office.change("c-1", "failed")
    code, out, lines = netmgr_run("notify", "send", "--due", "--log-format", "json")
    assert (code, out) == (1, "")
    counts = {"made": 2, "sent": 1, "deferred": 1, "failed": 0, "too_old": 0}
    problem = f"mail:noc@acme.example: localhost: port {office.mail.port}: Connection refused"
    assert events(lines) == [
        {"level": "warning", "event": "notifications", "client": "acme", **counts},
        {"level": "warning", "event": "not told", "client": "acme", "problem": problem},
    ]


def test_logfmt_and_words(office, netmgr_run):
    office.change("c-1", "failed")
    code, out, lines = netmgr_run("notify", "send", "--due", "--log-format", "logfmt")
    assert (code, out, len(lines)) == (0, "", 1)
    assert lines[0].startswith(
        "time=2026-11-23T08:00:00.000000Z level=info event=notifications client=acme made=2 "
    )
    office.change("c-2", "failed")
    assert netmgr_run("notify", "send", "--due") == (
        0,
        "acme: 2 new, 2 sent, 0 to be tried again, 0 given up\n",
        [],
    )


def test_an_error_that_ends_the_command_is_an_event_too(office, netmgr_run):
    (office.workspace / "config/notify.yaml").write_text("rules: {}\n")
    file = office.workspace / "runs.jsonl"
    code, _, lines = netmgr_run("notify", "send", "--due", "--log-file", str(file))
    assert (code, lines) == (1, ["error: config/notify.yaml:1: rules: must be a list, not a mapping"])
    assert events(file.read_text().splitlines()) == [
        {"level": "error", "event": "ended by an error", "error": lines[0].removeprefix("error: "), "code": 1}
    ]


def test_text_from_outside_is_one_line_and_drives_no_terminal(office, netmgr_run):
    office.rewrite("config/notify.yaml", (", webhook:chat", ""))
    office.mail.answers.append("451 \x1b[31mred \u202e" + "x" * 3000)
    office.change("c-1", "failed")
    _, _, lines = netmgr_run("notify", "send", "--due", "--log-format", "json")
    assert len(lines) == 2
    assert all(len(line) < 2300 for line in lines)
    assert "\x1b" not in json.loads(lines[1])["problem"]


def test_a_file_that_cannot_be_had_is_one_line(office, netmgr_run):
    (office.workspace / "link").symlink_to(office.workspace / "elsewhere")
    for path in ("link", "none/runs.jsonl", "config"):
        code, _, lines = netmgr_run("notify", "send", "--due", "--log-file", str(office.workspace / path))
        assert (code, len(lines)) == ((64 if path == "config" else 1), 1), lines


def test_the_clock_of_these_tests_is_one(office):
    assert isinstance(office.clock, ManualClock)
