"""What a message is about, by itself: threads, tags, programs, and what is done with it."""

import pytest

from netmgr.model.mail import Address, Mail
from netmgr.model.ticket import TicketRecord
from netmgr.service.mail import REOPENED_WITHIN, Verdict, automatic, judge, subject_line, thread

MEI = Address("Mei Lin", "mei@client.example")


def mail(*references, subject="No mail", senders=(MEI,), **marks):
    named = {name.replace("_", "-"): value for name, value in marks.items()}
    return Mail("<1@x>", references, senders, subject, "text", marks=named)


def ticket(state, closed=None):
    return TicketRecord(
        id="T-1", kind="fault", state=state, priority="low", opened=0, updated=0, closed=closed
    )


@pytest.mark.parametrize(
    ("message", "field"),
    [
        (mail(), None),
        (mail(auto_submitted="no"), None),
        (mail(auto_submitted="No; x=y"), None),
        (mail(auto_submitted="auto-replied"), "Auto-Submitted"),
        (mail(auto_submitted="auto-generated (rejected)"), "Auto-Submitted"),
        (mail(precedence="Bulk"), "Precedence"),
        (mail(precedence="first-class"), None),
        (mail(return_path="<>"), "Return-Path"),
        (mail(return_path="<mei@client.example>"), None),
        (mail(list_id="<l.example>"), "List-Id"),
        (mail(list_unsubscribe="<mailto:x@y>"), "List-Unsubscribe"),
        (mail(content_type="multipart/report; report-type=delivery-status"), "Content-Type"),
        (mail(content_type="multipart/mixed"), None),
        (mail(x_autoreply="yes"), "X-Autoreply"),
        (mail(senders=(Address("", "MAILER-DAEMON@mx.example"),)), "From"),
        (mail(senders=(Address("", "no-reply@shop.example"),)), "From"),
    ],
)
def test_whether_a_program_wrote_it(message, field):
    assert automatic(message) == field


TAKEN = {"<a@x>": "T-1", "<b@x>": "T-2", "<q@x>": None}


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (mail(), None),
        (mail("<a@x>"), "T-1"),
        (mail("<b@x>", "<a@x>"), "T-2"),
        (mail("<nobody@x>", "<q@x>", "<a@x>"), "T-1"),
        (mail(subject="Re: [T-2] No mail"), "T-2"),
        (mail(subject="[T-99] [T-1]"), "T-1"),
        (mail(subject="T-1"), None),
        (mail(subject="[T-01]"), None),
        (mail("<a@x>", subject="[T-2]"), "T-1"),
    ],
)
def test_which_ticket_it_belongs_to(message, found):
    assert thread(message, TAKEN.get, {"T-1", "T-2"}.__contains__) == found


ROBOT = mail(auto_submitted="auto-replied")


@pytest.mark.parametrize(
    ("message", "one", "verdict"),
    [
        (mail(), None, Verdict("open")),
        (mail(), ticket("open"), Verdict("note")),
        (mail(), ticket("paused"), Verdict("note")),
        (mail(), ticket("resolved"), Verdict("reopen")),
        (mail(), ticket("closed", closed=1), Verdict("reopen")),
        (mail(), ticket("closed", closed=0), Verdict("note", late=True)),
        (ROBOT, None, Verdict("quarantine", "automatic")),
        (ROBOT, ticket("open"), Verdict("note")),
        (ROBOT, ticket("resolved"), Verdict("note")),
        (ROBOT, ticket("closed", closed=0), Verdict("note")),
        (mail(senders=()), ticket("open"), Verdict("quarantine", "no_sender")),
        (mail(senders=(MEI, MEI)), None, Verdict("quarantine", "no_sender")),
        (
            mail(senders=(Address("", "x@y.example"),)),
            ticket("open"),
            Verdict("quarantine", "unknown_sender"),
        ),
    ],
)
def test_what_is_done(message, one, verdict):
    assert judge(message, known=MEI.__eq__, ticket=one, now=REOPENED_WITHIN + 1) == verdict


@pytest.mark.parametrize(
    ("subject", "line"),
    [
        ("No mail", "No mail"), ("Re: AW: [T-1] No mail", "No mail"), ("RE:re: x", "x"), ("回复:转发: 网络", "网络"),
        ("Reading: none", "Reading: none"), ("Re:", "(no subject)"), ("", "(no subject)"), ("[T-3]", "(no subject)"),
        ("回复\uff1a网络", "网络"),
    ],
)  # fmt: skip
def test_a_tickets_subject(subject, line):
    assert subject_line(mail(subject=subject)) == line
