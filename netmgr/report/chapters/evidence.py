"""The checkpoint of the cut, and what its holder can prove with it."""

import json
from typing import Final

from netmgr.document.block import Fact, FactList, Paragraph, Section
from netmgr.document.locale import Words
from netmgr.report.history import History
from netmgr.report.material import Material
from netmgr.report.wording import counted

MOST_PROBLEMS: Final = 20


def evidence(material: Material, words: Words) -> Section:
    """The checkpoint of the cut, and what its holder can prove with it."""
    history = material.history
    signed = history.proof.checkpoint
    facts = (
        Fact("client", "Client", signed.client, "code"),
        Fact("stream", "Stream", signed.stream, "code"),
        Fact("seq", "Entry", signed.seq, "code"),
        Fact("hash", "Hash", signed.hash, "code"),
        Fact("time", "Time", signed.time, "code"),
        Fact("key", "Public key", signed.key, "code"),
        Fact("signature", "Signature", signed.signature, "code"),
    )
    return Section(
        "evidence",
        "Evidence: the service log",
        (
            Paragraph(
                "Everything above was read from the service log, in which each entry seals all entries before it. "
                f"The report reads it up to entry {signed.seq}, of {words.exact(history.until)}."
                if not history.complete
                else "Everything above was read from the service log, in which each entry seals all entries "
                f"before it. The report reads it up to entry {signed.seq}."
            ),
            *_verified(history),
            Paragraph(
                "Keep this checkpoint. It is our signature under the log as it stood then. Whoever holds it can "
                "tell later whether an entry up to this one was altered, removed or put in afterwards, even by us. "
                f"The command netmgr log verify -c {signed.client} --against FILE shows it, as does any program that "
                "knows Ed25519. It does not prove that an entry was true when it was written."
            ),
            FactList(facts),
            FactList((Fact("file", "As a file", json.dumps(signed.document()), "code"),)),
        ),
    )


def _verified(history: History) -> tuple[Paragraph, ...]:
    problems = history.proof.problems
    if problems is None:
        return (Paragraph("The log was not verified for this report.", "unknown"),)
    if not problems:
        return (
            Paragraph(
                "The whole log was verified for this report: no entry was altered, removed or reordered.",
                "good",
            ),
        )
    shown = [Paragraph(problem, "bad") for problem in problems[:MOST_PROBLEMS]]
    return (
        Paragraph(f"The log DOES NOT VERIFY: {counted(len(problems), 'problem')}.", "bad"),
        *shown,
    )
