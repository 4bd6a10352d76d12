"""What a message is about: which ticket it belongs to, whether a person wrote it, what is to be done with it (pure)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from netmgr.model.mail import Address, Mail, QuarantineReason
from netmgr.model.ticket import TicketRecord

REOPENED_WITHIN: Final = 14 * 86_400
"""For so many seconds after a ticket was closed an answer to it reopens it; later it is a note."""

_TAG: Final = re.compile(r"\[(T-[1-9][0-9]{0,14})\]")
_ANSWER: Final = re.compile(r"(?:(?:re|aw|fwd?|wg|sv|vs|antw|回复|答复|转发) ?[:\uff1a] ?)+", re.IGNORECASE)
_BULK: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
#: Who sends in the name of no person (RFC 2142, and what mail systems call themselves).
_NOBODY: Final = frozenset(
    {"mailer-daemon", "postmaster", "noreply", "no-reply", "do-not-reply", "donotreply"}
)
#: The header fields that ``automatic`` looks at.
MARKS: Final = (
    *("auto-submitted", "precedence", "return-path", "list-id", "list-unsubscribe", "x-autoreply"),
    *("x-autorespond", "content-type"),
)


def automatic(mail: Mail) -> str | None:
    """The header field by which a program wrote the message; None where a person did.

    RFC 3834 (Auto-Submitted), RFC 2919 and 2369 (lists), RFC 3464 (reports about delivery), and Precedence, which no
    standard defines and everybody uses.
    """
    marks = {name: value.strip().casefold() for name, value in mail.marks.items()}
    if marks.get("auto-submitted", "no").split(";")[0].strip() != "no":
        return "Auto-Submitted"
    if marks.get("precedence") in _BULK:
        return "Precedence"
    if marks.get("return-path") == "<>":
        return "Return-Path"
    if marks.get("content-type", "").startswith("multipart/report"):
        return "Content-Type"
    for name, word in (("list-id", "List-Id"), ("list-unsubscribe", "List-Unsubscribe")):
        if name in marks:
            return word
    if "x-autoreply" in marks or "x-autorespond" in marks:
        return "X-Autoreply"
    if any(one.address.partition("@")[0].casefold() in _NOBODY for one in mail.senders):
        return "From"
    return None


def tagged(subject: str) -> Iterator[str]:
    """The tickets that a subject names, such as ``[T-12]``."""
    return (match[1] for match in _TAG.finditer(subject))


def thread(mail: Mail, by_message: Callable[[str], str | None], there: Callable[[str], bool]) -> str | None:
    """The ticket that a message belongs to.

    That of the nearest message that it answers and that is known; else one that its subject names. ``by_message`` gives
    the ticket of a message that was taken in, ``there`` tells whether there is a ticket of that id.
    """
    known = filter(None, map(by_message, mail.references))
    return next(known, None) or next(filter(there, tagged(mail.subject)), None)


Doing = Literal["open", "note", "reopen", "quarantine"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is done with a message. ``late``: it answers what was closed long ago, so it is a note only."""

    do: Doing
    reason: QuarantineReason | None = None
    late: bool = False


def judge(mail: Mail, *, known: Callable[[Address], bool], ticket: TicketRecord | None, now: int) -> Verdict:
    """What to do with a message that belongs to that ticket, or to none.

    Only what a person wrote opens or reopens anything.
    """
    if len(mail.senders) != 1:
        return Verdict("quarantine", "no_sender")
    by_program = automatic(mail) is not None
    if ticket is None and by_program:
        return Verdict("quarantine", "automatic")
    if not known(mail.senders[0]):
        return Verdict("quarantine", "unknown_sender")
    return follow(ticket, by_program=by_program, now=now)


def follow(ticket: TicketRecord | None, *, by_program: bool, now: int) -> Verdict:
    """What a message does whose sender is somebody's: opens a ticket, reopens the one it answers, or is a note."""
    if ticket is None:
        return Verdict("open")
    if by_program or ticket.state not in ("resolved", "closed"):
        return Verdict("note")
    late = ticket.closed is not None and now - ticket.closed > REOPENED_WITHIN
    return Verdict("note", late=True) if late else Verdict("reopen")


def subject_line(mail: Mail) -> str:
    """A ticket's subject: the mail's, without the marks of answers and of tickets."""
    line = " ".join(_TAG.sub("", mail.subject).split())
    answer = _ANSWER.match(line)
    return line[answer.end() if answer else 0 :] or "(no subject)"
