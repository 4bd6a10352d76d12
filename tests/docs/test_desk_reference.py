"""docs/reference/desk.md and the desk's JSON say what the code says."""

import dataclasses
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netmgr.cli.view_clock import clock_document, watch_document
from netmgr.cli.view_mail import REASONS, taken_document, waiting_document
from netmgr.cli.view_ticket import document
from netmgr.model import ticket as model
from netmgr.model.entry import Entry
from netmgr.model.mail import QuarantineReason
from netmgr.model.ticket import TicketRecord
from netmgr.model.ticket_clock import Event
from netmgr.model.ticket_exchange import ToldTicket
from netmgr.service.calendar import ALWAYS
from netmgr.service.clock import ticket_clock
from netmgr.service.course import Level
from netmgr.service.desk import ALLOWED
from netmgr.workflows.ticket_attachments import Attachment
from netmgr.workflows.ticket_clock import Judged
from netmgr.workflows.ticket_intake import Status, Taken, Waiting
from netmgr.workflows.ticket_log import DONE
from netmgr.workflows.ticket_views import Shown, Step
from netmgr.workflows.ticket_watch import Watch, Watched
from tests.unit.log.drafts import chain

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/desk.md").read_text()
JSON = (ROOT / "docs/reference/json.md").read_text().split("## netmgr.ticket/1")[1].split("\n## ")[0]


def section(title):
    return PAGE.split(f"## {title}\n")[1].split("\n## ")[0]


def rows(text):
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"
    ]


def named(text):
    return re.findall(r"`([\w-]+)`", text)


def test_every_word_is_explained():
    said = {name: named(words) for name, words in rows(section("Words"))[2:]}
    assert said["kind"] == [*model.words(model.TicketKind)]
    assert said["state"] == [*model.words(model.State)]
    assert said["reason of a pause"] == [*model.words(model.PauseReason)]
    assert said["cause"] == [*model.words(model.Cause)]
    assert said["what can be linked"] == [*model.words(model.LinkKind)]
    unresolved = said["outcome of what is closed unresolved"]
    assert frozenset(unresolved) == model.CANCELLING
    assert {*said["outcome of a resolution"], *unresolved} == {*model.words(model.Outcome)}


def test_the_default_matrix_is_shown():
    header, _, *matrix = rows(section("Priority"))
    shown = {impact: dict(zip(header[1:], row, strict=True)) for impact, *row in matrix}
    assert shown == model.MATRIX


def test_what_is_done_in_which_state():
    header, _, *table = rows(section("What is done in which state"))
    acts = {"--ack": "ack", "--note": "note", "--link": "link"}
    for what, *cells in table:
        for each in re.findall(r"`([\w-]+)`", what):
            states = {state for state, cell in zip(header[1:], cells, strict=True) if cell}
            assert states == ALLOWED[acts.get(each, each)], each


def test_every_act_and_its_outcome_are_in_the_log():
    table = [row for row in rows(section("In the log"))[2:] if row[0].startswith("`")]
    assert {named(row[0])[0]: named(row[1])[0] for row in table} == DONE


def test_every_key_of_an_exchanged_line_is_named():
    table = rows(section("Import and export"))[2:]
    assert {name for row in table for name in named(row[0])} == {*ToldTicket.model_fields}


@pytest.fixture
def shown():
    one = TicketRecord(id="T-1", kind="fault", state="open", priority="high", opened=0, updated=0)
    entry = Entry.parse(chain(1)[0].stored.line)
    return document("acme", Shown(one, "a", "b", None, (Step(entry, None, False, False),)))


def test_the_json_reference_names_exactly_the_keys(shown):
    assert {key for row in rows(JSON)[2:] for key in named(row[0])} == {*shown}
    steps = JSON.split("A step of a timeline: ")[1].split("\n\n")[0]
    assert {*named(steps)} == {*shown["timeline"][0]}


def said_of(schema):
    """The names in the JSON reference from that schema on, to the end of its sentences."""
    return {*named(JSON.split(schema)[1].split("` prints ")[0].split("it prints")[0])}


def test_every_key_of_mail_and_of_the_watch_is_named():
    taken, waits = (
        taken_document(Taken("-", "opened")),
        waiting_document("acme", Waiting(1, 0, "", 0, None, None)),
    )
    assert said_of("netmgr.ticket-intake/1") >= {*taken, *model.words(Status)}
    assert said_of("netmgr.mail-quarantine/1") >= {*waits}
    attached = {one.name for one in dataclasses.fields(Attachment)}
    assert said_of("netmgr.ticket-attachments/1") >= {"client", "ticket", "attachments", *attached}
    one = TicketRecord(id="T-1", kind="fault", state="open", priority="high", opened=0, updated=0)
    clock = ticket_clock([Event("opened", 0, 0, "high")], {"high": Level(60, 600, ALWAYS)}, 0)
    judged = Judged(clock, 1, ())
    document = watch_document("acme", Watch(datetime(2026, 1, 1, tzinfo=UTC), (Watched(one, "a", judged),)))
    assert said_of("netmgr.ticket-watch/1") >= {*document, *document["tickets"][0]}
    (sla,) = (row[1] for row in rows(JSON) if row[0] == "`sla`")
    assert {*named(sla)} >= {*clock_document(judged), *clock_document(judged)["response"]}


def test_every_reason_of_the_quarantine_is_explained():
    assert {*REASONS} == {*model.words(QuarantineReason)} <= {*named(section("Mail"))}
