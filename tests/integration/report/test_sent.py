"""A report on schedule: issued, and sent to each contact once, as the contact may read it."""

from datetime import UTC, datetime, timedelta

import pyrage
import pytest

from netmgr.errors import InputError, Refused
from netmgr.model.schedule import ReportJob
from netmgr.workflows import report_mail
from netmgr.workflows.jobs import JOBS
from netmgr.workflows.letters import put, send_now
from netmgr.workflows.report_issue import issued
from tests.integration.report.conftest import IDENTITY

DUE = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
BOTH = ("manager", "technical")


def run(world, request="run-1", due=DUE, **options):
    options = {"issue": True, "audiences": BOTH, "formats": ("md",), **options}
    job = ReportJob(job="report", cron="0 6 1 * *", **options)
    return JOBS["report"].run(world.runtime(request), job, due)


@pytest.fixture
def square(world, mail):
    world.clock.start = DUE + timedelta(minutes=3)
    return world


def entries(world):
    found = world.wiring.service_log.entries("square", kind="report")
    return [(e.action, e.phase, e.outcome, e.request) for e in found]


def attached(mail):
    return {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}


def test_each_contact_is_sent_what_is_for_them(square, mail):
    assert run(square) == "sent"
    ((_, report),) = issued(square.runtime())
    files = {file.audience: file for file in report.files}
    kept = {file.audience: square.wiring.reports.read("square", file.kept) for file in report.files}
    sent = [(each["To"], *attached(each)) for each in mail.mails]
    assert sent == [
        ("it@square.example", "square-2026-10-r1-manager.md"),
        ("noc@square.example", "square-2026-10-r1-manager.md"),
        ("noc@square.example", "square-2026-10-r1-technical.md.age"),
        ("ops@square.example", "square-2026-10-r1-manager.md"),
    ]
    first, _, technical, without = mail.mails
    assert attached(first) == {files["manager"].name: kept["manager"]}
    (sealed,) = attached(technical).values()
    assert pyrage.decrypt(sealed, [IDENTITY]) == kept["technical"]
    assert first["Subject"] == "Square: network report, October 2026"
    assert first.get_body().get_content().splitlines() == [
        "Attached is the report on your network for October 2026.",
        "",
        "The report carries our signature under the service log. Please keep it: with it you can check the log later.",
        "",
        "The files, each with its SHA-256 digest:",
        "",
        "square-2026-10-r1-manager.md",
        f"  {files['manager'].digest}",
    ]
    assert "is not sent unencrypted" in without.get_body().get_content()
    assert "is not sent unencrypted" not in first.get_body().get_content()
    assert entries(square) == [
        ("issue", "intent", None, "run-1.issue"),
        ("issue", "result", "issued", "run-1.issue"),
        ("send", "result", "sent", "run-1"),
    ]


def test_who_was_told_is_not_told_twice(square, mail, monkeypatch):
    """Cut short at each step, and begun again: issued, put into the outbox, sent, and at last logged."""
    for step in ("put", "send_now", "_logged"):
        real = getattr(report_mail, step)

        def cut(*given, real=real, step=step):
            if step == "_logged":
                raise KeyboardInterrupt
            real(*given)
            raise KeyboardInterrupt

        monkeypatch.setattr(report_mail, step, cut)
        with pytest.raises(KeyboardInterrupt):
            run(square)
        monkeypatch.undo()
    assert run(square) == "sent"
    assert len(mail.mails) == 4
    assert len(issued(square.runtime())) == 1
    assert run(square, "run-2") == "sent"
    assert len(mail.mails) == 4


def test_what_cannot_be_sent_now_is_sent_later(square, mail):
    mail.down()
    assert run(square) == "deferred"
    mail.up()
    square.clock.sleep(3600)
    send_now(square.runtime())
    assert len(mail.mails) == 4


def test_a_file_that_is_not_what_was_issued_is_not_sent(square, mail, monkeypatch):
    def altered(runtime, letters):
        put(runtime, letters)
        for name in square.wiring.reports.kept("square"):
            square.wiring.reports.keep("square", name, b"another report")

    monkeypatch.setattr(report_mail, "put", altered)
    assert run(square) == "failed"
    assert mail.mails == []


def test_a_revision_is_sent_with_its_number(square, mail):
    run(square, locale="zh-CN")
    log = square.wiring.service_log
    late = square.runtime().draft(
        kind="ticket", action="note", phase="result", outcome="noted", at=DUE - timedelta(days=3)
    )
    log.append("square", [late])
    mail.mails.clear()
    assert run(square, "run-2", locale="zh-CN") == "sent"
    assert [each["Subject"] for each in mail.mails] == ["方正：网络服务报告，2026年10月（第2版）"] * 4


def test_it_is_issued_without_being_sent_where_that_is_said_or_there_is_nobody(square, mail):
    assert run(square, send=False) == "issued"
    path = square.workspace / "inventory/square/client.yaml"
    path.write_text("id: square\n")
    assert run(square, "run-2") == "issued"
    assert mail.mails == []


def test_without_a_mail_server_it_is_issued_and_the_run_fails(square):
    (square.workspace / "config/notify.yaml").write_text("{}\n")
    with pytest.raises(InputError) as failed:
        run(square)
    assert failed.value.problems == (
        "config/notify.yaml:1: reports are sent by mail; write mail with server and from",
    )
    assert len(issued(square.runtime())) == 1


def test_a_log_that_does_not_verify_is_issued_to_nobody(square, mail):
    square.wiring.service_log.append(
        "square",
        [square.runtime().draft(kind="config", action="x", phase="result", facts={"a": "2026-10-31"})],
    )
    with square.wiring.service_log.database.writer.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE entries SET line = CAST(replace(CAST(line AS TEXT), '2026-10-31', '2026-10-30') AS BLOB)"
        )
    with pytest.raises(Refused, match="the log does not verify"):
        run(square)
    assert (issued(square.runtime()), mail.mails) == ((), [])
