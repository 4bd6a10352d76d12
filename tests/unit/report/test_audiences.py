"""Whom a report is for: a manager reads no address, no diff and no engineer's name, whoever wrote it where."""

import json
from base64 import b64encode

import pytest

from netmgr.document.block import (
    Bullets,
    Chart,
    Clause,
    Column,
    Definition,
    Definitions,
    Fact,
    FactList,
    Figure,
    Figures,
    Paragraph,
    Section,
    Series,
    Table,
)
from netmgr.document.locale import english
from netmgr.report.discreet import discreet
from netmgr.report.material import Chapter, Plugged
from netmgr.workflows.report_artefacts import FORMATS
from tests.unit.report.reading import block, document, rows
from tests.unit.report.story import november

DIFF = "--- running\n+++ intended\n@@ -1 +1 @@\n+ip route 198.51.100.0/24 blackhole\n-router bgp 65000"
SECRETS = {
    "name": "Mei Chen",
    "in capitals": "MEI CHEN",
    "Chinese name": "陈美",
    "id": "p-17",
    "IPv4": "198.51.100.7",
    "prefix": "198.51.100.0/24",
    "port": "198.51.100.7:8443",
    "IPv6": "2001:db8::7:1",
    "short IPv6": "fe80::1%eth0",
    "hardware": "00:1b:21:3c:9d:f8",
    "Cisco's hardware": "001b.213c.9df8",
    "mail": "mei.chen@msp.example",
    "diff": DIFF,
}
SHOWN = {
    "id": "p-1",
    "time": "14:05:07",
    "version": "17.3.1",
    "decimal": "99.95",
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "list": "- one\n- two",
    "port": "eth1/0:2",
    "class": "std::vector",
}


def planted(secret: str) -> str:
    return f"Asked for by {secret}, as agreed 由{secret}批准" if "\n" not in secret else f"Done so\n{secret}"


def everywhere(text: str) -> Section:
    table = Table(
        "own",
        text,
        (Column("what", text), Column("actor", "By"), Column("names", "Names", "names")),
        ((text, text, (text, "core1")),),
        text,
    )
    return Section(
        "own-section",
        text,
        (
            Paragraph(text),
            Figures((Figure("f", text, text, text),)),
            table,
            Chart("own-chart", text, ("a",), (Series(text, "good", (1,)),), text),
            FactList((Fact("fact", text, text),)),
            Bullets((text,)),
            Definitions((Definition(text, text),)),
            Clause(text, (Clause(text),)),
        ),
        (Section("below", text, (Paragraph(text),)),),
    )


def leaks(data: str, secret: str) -> list[str]:
    """What of the secret is in the file, as any format would spell it."""
    lines = [line for line in secret.split("\n") if line]
    spelled = {form for line in lines for form in (line, json.dumps(line)[1:-1], line.replace("+", "\\+"))}
    return [form for form in spelled if form in data]


@pytest.mark.parametrize("case", SECRETS)
def test_a_manager_reads_none_of_it_in_any_section_and_format(desk, case):
    secret = SECRETS[case]
    story = desk.story()
    november(story)
    told = planted(secret)
    story.change("2026-11-26 21:30", {"core1": (1, 1)}, reason=told, intent={"approved_by": "p-09"})
    decision = story.draft(
        kind="drift", action="waive", phase="result", device="edge2", facts={"running": "r"}
    )
    story.log_at("2026-11-27 09:00", [decision])
    desk.sections.append(Plugged("own", Chapter("own-section", "Own", lambda *_: everywhere(told))))
    formats = tuple(format_ for format_ in FORMATS if format_ != "pdf")
    managers = desk.make(formats=formats, audience="manager")
    assert {a.name: leaks(a.data.decode(), secret) for a in managers.artefacts} == {
        a.name: [] for a in managers.artefacts
    }
    engineers = desk.make(formats=formats)
    assert any(leaks(a.data.decode(), secret) for a in engineers.artefacts)
    assert (
        len(managers.artefacts)
        == len(engineers.artefacts)
        == 3
        + len(
            {t["key"] for s in document(engineers)["sections"] for t in s["blocks"] if t["type"] == "table"}
        )
    )


@pytest.mark.parametrize("case", SHOWN)
def test_what_only_looks_like_it_is_shown(case):
    section = Section("s", "S", (Paragraph(SHOWN[case]),))
    assert discreet(section, ["p-17", "Mei Chen"], english()) == section


def test_a_manager_s_checkpoint_is_whole_whatever_letters_its_signature_has(desk, monkeypatch):
    november(desk.story())
    letters = b"\xf8\x92\x42" * 21 + b"\x00"
    monkeypatch.setattr(type(desk.signer), "sign", lambda *_, **__: letters)
    told = [block(desk.make(audience=reader), "evidence", "facts") for reader in ("manager", "technical")]
    assert [facts["facts"]["signature"] for facts in told] == [b64encode(letters).decode()] * 2
    assert b64encode(letters).startswith(b"+J")


def test_a_manager_s_tables_do_not_say_who(desk):
    november(desk.story())
    made = desk.make(audience="manager")
    columns = [set(row) for section in ("changes", "audits") for row in rows(made, section)]
    assert [keys for keys in columns if "actor" in keys] == []
    assert document(made)["audience"] == "manager"
    assert {a.name for a in made.artefacts} == {f"acme-2026-11-manager.{f}" for f in ("html", "md", "json")}
