"""The checkpoint of the cut, and what its holder can prove with it."""

import json
from typing import Final

from netmgr.document.block import Fact, FactList, Paragraph, Section
from netmgr.document.locale import Words
from netmgr.report.history import History
from netmgr.report.material import Material

MOST_PROBLEMS: Final = 20


def evidence(material: Material, words: Words) -> Section:
    """The checkpoint of the cut, and what its holder can prove with it."""
    history = material.history
    signed = history.proof.checkpoint
    facts = (
        Fact("client", words.text("Client"), signed.client, "code"),
        Fact("stream", words.text("Stream"), signed.stream, "code"),
        Fact("seq", words.text("Entry"), signed.seq, "code"),
        Fact("hash", words.text("Hash"), signed.hash, "code"),
        Fact("time", words.text("Signed at"), signed.time, "code"),
        Fact("key", words.text("Public key"), signed.key, "code"),
        Fact("signature", words.text("Our signature"), signed.signature, "code"),
    )
    keep = words.text(
        "Keep this checkpoint. It is our signature under the log as it stood then. Whoever holds it can "
        "tell later whether an entry up to this one was altered, removed or put in afterwards, even by us. "
        "The command {command} shows it, as does any program that knows {algorithm}. It does not prove that an entry "
        "was true when it was written.",
        command=f"netmgr log verify -c {signed.client} --against FILE",
        algorithm="Ed25519",
    )
    return Section(
        "evidence",
        words.text("Evidence: the service log"),
        (
            Paragraph(_read(history, words)),
            *_verified(history, words),
            Paragraph(keep),
            FactList(facts),
            FactList((Fact("file", words.text("As a file"), json.dumps(signed.document()), "code"),)),
        ),
    )


def _read(history: History, words: Words) -> str:
    seq = str(history.proof.checkpoint.seq)
    if history.complete:
        return words.text(
            "Everything above was read from the service log, in which each entry seals all entries before it. "
            "The report reads it up to entry {seq}.",
            seq=seq,
        )
    return words.text(
        "Everything above was read from the service log, in which each entry seals all entries before it. "
        "The report reads it up to entry {seq}, of {moment}.",
        seq=seq,
        moment=words.exact(history.until),
    )


def _verified(history: History, words: Words) -> tuple[Paragraph, ...]:
    problems = history.proof.problems
    if problems is None:
        return (Paragraph(words.text("The log was not verified for this report."), "unknown"),)
    if not problems:
        whole = words.text(
            "The whole log was verified for this report: no entry was altered, removed or reordered."
        )
        return (Paragraph(whole, "good"),)
    shown = [Paragraph(problem, "bad") for problem in problems[:MOST_PROBLEMS]]
    told = words.plural(
        "The log DOES NOT VERIFY: {count} problem.",
        "The log DOES NOT VERIFY: {count} problems.",
        len(problems),
    )
    return (Paragraph(told, "bad"), *shown)
