"""``netmgr report`` as a user runs it: files, names on standard output, exit codes."""

import json
import os
import re
import signal
import sqlite3
import stat
from hashlib import sha256
from io import BytesIO

import pytest
from pypdf import PdfReader

from netmgr.adapters.reports_dir import ReportDirectory
from netmgr.adapters.store_sql import open_sqlite
from netmgr.cli.main import run
from tests.clock import ManualClock
from tests.unit.report.reading import Page
from tests.unit.report.story import Story

FILES = {
    "config/netmgr.yaml": "{}\n",
    "inventory/acme/client.yaml": "id: acme\nnames: {en: Acme}\ntimezone: Europe/Berlin\n",
    "inventory/acme/hosts.yaml": "core1: {platform: frr}\ncore2: {platform: frr}\n",
}


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A workspace, in which the test stands, and its store with an October."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / ".netmgr").mkdir(mode=0o700)
    for name in [name for name in os.environ if name.startswith("NETMGR_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    with open_sqlite(tmp_path / ".netmgr/store.db", ManualClock()) as log:
        clock = log._clock
        story = Story(log, clock)
        story.inventory("2025-10-01 08:00", ["core1", "core2"], ["core1", "core2"])
        story.change("2025-10-05 20:00", {"core1": (3, 1)}, reason="October's change", ticket="T-9")
        story.audit("2025-10-06 05:00", core1="compliant", core2="drifted")
        story.change("2025-11-05 20:00", {"core1": (1, 1)}, reason="November's change")
    return tmp_path


def test_the_files_are_private_and_named_on_standard_output(store, capsys):
    assert run(["report", "-c", "acme", "--month", "2025-10", "--format", "html,md,json"]) == 0
    captured = capsys.readouterr()
    names = ["acme-2025-10.html", "acme-2025-10.md", "acme-2025-10.json"]
    said = "target: network of acme\nreport: 2025-10 up to entry 13\nverify: 13 entries\n"
    assert (captured.out.splitlines(), captured.err) == (names, said)
    assert [stat.S_IMODE((store / name).stat().st_mode) for name in names] == [0o600] * 3
    page = Page((store / names[0]).read_text())
    assert "October's change" in page.text
    assert "November's change" not in page.text
    assert "# Acme: network report, October 2025" in (store / names[1]).read_text()
    assert json.loads((store / names[2]).read_text())["complete"] is True


def test_pdf_is_of_the_same_page(store, capsys):
    """Tagged, in English, of the day on which the report ends; the same again for the same cut."""
    month = ["report", "-c", "acme", "--month", "2025-10", "--format", "pdf,html"]
    assert run(month) == 0
    assert capsys.readouterr().out == "acme-2025-10.html\nacme-2025-10.pdf\n"
    data = (store / "acme-2025-10.pdf").read_bytes()
    pdf = PdfReader(BytesIO(data))
    assert (pdf.metadata.title, pdf.metadata["/CreationDate"]) == (
        "Acme: network report, October 2025",
        "D:20251101",
    )
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    said = " ".join(page.extract_text() for page in pdf.pages)
    assert "October's change" in " ".join(said.split())
    assert "November's change" not in said
    assert run([*month, "--out", "again", "--cut", "13"]) == 0
    assert (store / "again/acme-2025-10.pdf").read_bytes() == data


def test_a_name_that_no_font_has_stops_the_pdf(store, capsys):
    (store / "inventory/acme/client.yaml").write_text(
        'id: acme\nnames: {en: "Acme \\U0010abcd"}\ntimezone: Europe/Berlin\n'
    )
    assert run(["report", "-c", "acme", "--month", "2025-10", "--format", "html,pdf"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines()[-1].startswith(
        "error: no font of this machine has \U0010abcd (U+10ABCD); install"
    )
    assert not list(store.glob("acme-*"))


def test_html_is_what_nobody_has_to_ask_for(store, capsys):
    assert run(["-c", "acme", "report", "--month", "2025-10"]) == 0
    assert capsys.readouterr().out == "acme-2025-10.html\n"


def test_an_earlier_file_is_replaced_not_written_into(store):
    path, victim = store / "acme-2025-10.html", store / "victim"
    victim.write_text("untouched")
    path.symlink_to(victim)
    assert run(["report", "-c", "acme", "--month", "2025-10"]) == 0
    assert victim.read_text() == "untouched"
    assert not path.is_symlink()
    path.chmod(0o644)
    assert run(["report", "-c", "acme", "--month", "2025-10"]) == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(p.name for p in store.iterdir()) == [
        ".netmgr",
        "acme-2025-10.html",
        "config",
        "inventory",
        "victim",
    ]


def test_a_program_is_told_what_was_written(store, capsys):
    arguments = ["report", "-c", "acme", "--month", "2025-10", "--format", "json,md", "--out", "sent/october"]
    assert run([*arguments, "-o", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    files = document.pop("files")
    assert document == {
        "schema": "netmgr.report-files/1",
        "client": "acme",
        "target": "network",
        "draft": True,
        "audience": "technical",
        "locale": "en",
        "cut": 13,
        "complete": True,
        "verified": True,
        "missing": [],
    }
    assert [(file["path"], file["format"]) for file in files] == [
        ("sent/october/acme-2025-10.md", "md"),
        ("sent/october/acme-2025-10.json", "json"),
    ]
    assert [file["digest"] for file in files] == [
        sha256((store / file["path"]).read_bytes()).hexdigest() for file in files
    ]
    assert stat.S_IMODE((store / "sent").stat().st_mode) == 0o700


def test_an_earlier_cut_has_the_same_bytes(store, capsys):
    month = ["report", "-c", "acme", "--month", "2025-10"]
    assert run(month) == 0
    first = (store / "acme-2025-10.html").read_bytes()
    assert run([*month, "--out", "new"]) == 0
    assert run([*month, "--out", "again", "--cut", "13"]) == 0
    assert (store / "again/acme-2025-10.html").read_bytes() == first
    assert (store / "new/acme-2025-10.html").read_bytes() != first


TARGET = "target: network of acme\n"

WRONG = [
    (["--month", "2025-1"], 64, "error: --month 2025-1 is not a month; write it like 2026-11\n"),
    (["--month", "9000-01"], 64, "error: 9000-01 has not begun in Europe/Berlin; a report looks back\n"),
    (
        [],
        64,
        "error: which time? name a month (--month 2026-11), a quarter (--quarter 2026-Q4), or the first and the "
        "last day (--from and --to)\n",
    ),
    (
        ["--month", "2025-10", "--format", "html,docx"],
        64,
        "error: --format html,docx: choose from html, pdf, md, json and csv, separated by commas\n",
    ),
    (
        ["--month", "2025-10", "-l", "core1"],
        64,
        "error: a report is of a whole client; leave -l, --role and the like out\n",
    ),
    (["--month", "2025-10", "--cut", "99"], 64, "error: --cut 99: the log of acme has no entry 99\n"),
    (
        ["--month", "2025-11", "--cut", "2"],
        64,
        "error: --cut 2: that entry was recorded at 2025-10-05T20:00:00.000000Z, before 2025-11 began\n",
    ),
    (
        ["--month", "2025-10", "--out", "config/netmgr.yaml"],
        64,
        "error: Invalid value for '--out': Directory 'config/netmgr.yaml' is a file. (see `netmgr report --help`)\n",
    ),
]


@pytest.mark.parametrize(("options", "code", "line"), WRONG)
def test_a_wrong_command_writes_nothing(store, capsys, options, code, line):
    assert run(["report", "-c", "acme", *options]) == code
    captured = capsys.readouterr()
    assert (captured.out, captured.err.removeprefix(TARGET)) == ("", line)
    assert sorted(p.name for p in store.iterdir()) == [".netmgr", "config", "inventory"]
    with open_sqlite(store / ".netmgr/store.db", ManualClock()) as log:
        assert log.head("acme").seq == 12


def test_a_client_that_is_none_makes_no_report(store, capsys):
    assert run(["report", "-c", "acmee", "--month", "2025-10"]) == 1
    assert "acmee" in capsys.readouterr().err
    assert sorted(p.name for p in store.iterdir()) == [".netmgr", "config", "inventory"]


def test_who_may_not_read_is_refused(store, capsys):
    people = "p-1: {name: Somebody, logins: [nobody-at-all], roles: {acme: [engineer]}}\n"
    (store / "config/people.yaml").write_text(people)
    assert run(["report", "-c", "acme", "--month", "2025-10"]) == 5
    assert "refused (access)" in capsys.readouterr().err
    assert not list(store.glob("acme-*"))


def test_a_log_that_does_not_verify_is_exit_1_and_the_report_says_so(store, capsys):
    with sqlite3.connect(store / ".netmgr/store.db") as database:
        database.execute(
            "UPDATE entries SET line = CAST(replace(CAST(line AS TEXT), 'T-9', 'T-8') AS BLOB) WHERE seq = 2"
        )
    assert run(["report", "-c", "acme", "--month", "2025-10"]) == 1
    captured = capsys.readouterr()
    assert captured.out == "acme-2025-10.html\n"
    assert captured.err.endswith("\nerror: the log does not verify; `netmgr log verify -c acme` says why\n")
    assert "The log DOES NOT VERIFY" in Page((store / "acme-2025-10.html").read_text()).text


def test_what_cannot_be_logged_is_not_made(store, capsys):
    with sqlite3.connect(store / ".netmgr/store.db") as database:
        database.execute(
            "CREATE TRIGGER no BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'no more'); END"
        )
    assert run(["report", "-c", "acme", "--month", "2025-10"]) == 5
    line = capsys.readouterr().err.removeprefix(TARGET)
    assert (line.startswith("error: refused (log): "), line.count("\n")) == (True, 1)
    assert not list(store.glob("acme-*"))


def test_another_client_s_entries_are_in_no_report(store):
    (store / "inventory/globex").mkdir()
    (store / "inventory/globex/client.yaml").write_text("id: globex\n")
    (store / "inventory/globex/hosts.yaml").write_text("gx1: {platform: frr}\n")
    assert run(["report", "-c", "globex", "--month", "2025-10", "--format", "html,md,json"]) == 0
    for file in store.glob("globex-*"):
        text = file.read_text()
        assert not [word for word in ("acme", "core1", "October's", "T-9") if word in text]


def test_what_is_issued_is_listed_and_shown_byte_for_byte(store, capsys):
    month = ["report", "issue", "-c", "acme", "--month", "2025-10", "--format", "html,csv"]
    assert run([*month, "--audience", "manager,technical", "--out", "sent"]) == 0
    names = [line.removeprefix("sent/") for line in capsys.readouterr().out.splitlines()]
    assert names[0] == "acme-2025-10-r1-manager.html"
    assert "acme-2025-10-r1-technical-changes.csv" in names
    assert run([*month, "--out", "again"]) == 0
    assert re.search("revision 1 was issued at .* for manager, technical; nothing", capsys.readouterr().err)
    assert run(["report", "show", "-c", "acme", "--month", "2025-10", "--out", "shown"]) == 0
    files = {
        name: [(store / place / name).read_bytes() for place in ("sent", "again", "shown")] for name in names
    }
    assert {name: len(set(found)) for name, found in files.items()} == dict.fromkeys(names, 1)
    capsys.readouterr()
    assert run(["report", "list", "-c", "acme", "-o", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    (listed,) = document["reports"]
    assert (document["schema"], listed["revision"], listed["verified"]) == ("netmgr.report-list/1", 1, True)
    assert {f["name"]: f["digest"] for f in listed["files"]} == {
        name: sha256(found[0]).hexdigest() for name, found in files.items()
    }
    assert run(["report", "list", "-c", "acme"]) == 0
    (row,) = (line.split() for line in capsys.readouterr().out.splitlines()[1:])
    assert row[:3] + row[-1:] == ["2025-10-01", "2025-10-31", "1", str(listed["cut"])]


def test_its_own_options_stand_behind_the_command_s_name(store, capsys):
    assert run(["report", "--month", "2025-10", "issue", "-c", "acme"]) == 64
    assert capsys.readouterr().err == (
        "error: --month stands before issue; write it behind: `netmgr report issue …` (see `netmgr report --help`)\n"
    )


def test_a_report_killed_before_it_was_logged_is_issued_by_the_same_command(store):
    """Killed with its files kept and its cut logged: nothing is issued; repeated with its request it is."""
    month = ["report", "issue", "-c", "acme", "--month", "2025-10", "--format", "html,md", "--request", "r-1"]
    pid = os.fork()
    if pid == 0:
        try:
            keep, kept = ReportDirectory.keep, []

            def dies(self, client, name, data):
                keep(self, client, name, data)
                kept.append(name)
                if len(kept) == 2:
                    os.kill(os.getpid(), signal.SIGKILL)

            ReportDirectory.keep = dies
            run(month)
        finally:
            os._exit(9)
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL
    reports = store / ".netmgr/reports/acme"
    before = {path.name: path.read_bytes() for path in reports.iterdir()}
    assert run(["report", "show", "-c", "acme", "--month", "2025-10"]) == 64
    assert run([*month, "--out", "sent"]) == 0
    assert {path.name: path.read_bytes() for path in reports.iterdir()} == before
    with open_sqlite(store / ".netmgr/store.db", ManualClock()) as log:
        assert [entry.phase for entry in log.entries("acme", kind="report")] == ["intent", "result"]
