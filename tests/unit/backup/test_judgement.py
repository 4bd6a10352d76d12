"""What is kept as good: a reading cut anywhere is not, and one that lost a lot is looked at first."""

from pathlib import Path

import pytest

from netmgr.backup.judgement import documents, doubts, lines_of
from netmgr.model.backup import Capture, KeptDocument, Version, VersionNote
from netmgr.platforms import FORMS
from netmgr.platforms.form import PlatformForm

ROOT = Path(__file__).parents[3]
FRR = (
    "frr version 8.4.4\nfrr defaults traditional\nhostname r1\nlog syslog informational\n"
    + "".join(
        f"!\ninterface eth{n}\n ip address 10.0.{n}.1/24\n description to r{n}\nexit\n" for n in range(1, 30)
    )
    + "!\nrouter bgp 65001\n neighbor 10.0.1.2 remote-as 65002\nexit\n!\nend\n"
)
JUNOS = (
    "\n## Last commit: 2026-11-29 09:59:37 UTC by admin\nversion 25.4R1.12;\nsystem {\n    host-name r1;\n}\n"
    "interfaces {\n"
    + "".join(
        f"    ge-0/0/{n} {{\n        unit 0 {{\n            family inet {{\n                address 10.0.{n}.1/24;\n"
        "            }\n        }\n    }\n"
        for n in range(30)
    )
    + "}\n"
)
WHOLE = [
    ("frr", FRR),
    ("junos", JUNOS),
    *(
        (platform, path.read_text())
        for platform in ("eos", "ios")
        for path in sorted((ROOT / "tests/data/configs" / platform).glob("*.cfg"))
    ),
]
#: A platform of another package, whose answers nothing ends: it is read twice.
PLAIN = PlatformForm(
    **{
        **{name: getattr(FORMS["frr"], name) for name in PlatformForm.__dataclass_fields__},
        "name": "plain",
        "framed": False,
        "endings": {},
    }
)


def capture(running, **others):
    given = {"startup": None, "facts": None, "digest": "0" * 64, **others}
    return Capture(running=running, **given)


def checks(made, form, **others):
    return [finding.check for finding in doubts(made, form, **{"before": None, **others})]


def kept(lines):
    note = VersionNote(
        device="r1",
        platform="frr",
        taken="2026-11-23T08:00:00Z",
        documents={"running": KeptDocument(hmac="0", bytes=1, lines=lines)},
        recipients=("age1",),
    )
    return Version(commit="0" * 40, target="network", quarantined=False, note=note)


@pytest.mark.parametrize(("platform", "text"), WHOLE, ids=lambda value: value[:4])
def test_cut_at_each_hundredth_none_is_good(platform, text):
    form = FORMS[platform]
    text = text.rstrip("\n")
    cuts = [text[: len(text) * percent // 100] for percent in range(100)]
    assert checks(capture(text), form) == []
    assert [n for n, cut in enumerate(cuts) if not checks(capture(cut), form)] == []
    if "startup" in form.endings:
        assert [n for n, cut in enumerate(cuts) if cut and not checks(capture(text, startup=cut), form)] == []


def test_where_nothing_ends_an_answer_two_equal_readings_do():
    assert checks(capture(FRR), PLAIN) == ["complete"], "nothing says so"
    assert checks(capture(FRR, repeated=False), PLAIN) == ["complete"]
    assert checks(capture(FRR, repeated=True), PLAIN) == []


def test_nothing_at_all_is_no_configuration():
    for form in (*FORMS.values(), PLAIN):
        if form.driver:
            assert checks(capture("\n", repeated=True), form) == ["complete"]


def test_a_dead_daemon_s_part_is_missing_whatever_else_is_there():
    found = doubts(capture(FRR, missing=("bgpd",)), FORMS["frr"], before=None, accepted=True)
    assert [(finding.check, finding.detail) for finding in found] == [
        ("daemons", "bgpd does not run: its part of the configuration is missing")
    ]


@pytest.mark.parametrize(
    ("had", "suspicious"), [(99, False), (132, False), (133, True), (1000, True)], ids=str
)
def test_a_shrink_by_more_than_a_quarter_is_suspicious(had, suspicious):
    text = "".join(f"ip route 10.0.{n}.0/24 blackhole\n" for n in range(98)) + "end\n"
    assert lines_of(text.encode()) == 99
    assert checks(capture(text), FORMS["frr"], before=kept(had)) == ["shrunk"] * suspicious


def test_a_few_lines_less_are_no_shrink():
    assert checks(capture("hostname r1\nend\n"), FORMS["frr"], before=kept(7)) == []
    assert checks(capture("hostname r1\nend\n"), FORMS["frr"], before=kept(8)) == ["shrunk"]


def test_a_shrink_that_is_netmgr_s_own_or_that_somebody_has_looked_at_is_none():
    short = capture("hostname r1\nend\n", digest="a" * 64)
    assert checks(short, FORMS["frr"], before=kept(400), expected="b" * 64) == ["shrunk"]
    assert checks(short, FORMS["frr"], before=kept(400), expected="a" * 64) == []
    assert checks(short, FORMS["frr"], before=kept(400), accepted=True) == []


def test_documents_are_the_bytes_that_were_shown():
    made = documents(capture("caf\udce9\nend\n", startup="x\n", facts={"b": 1, "a": "é"}))
    assert made == {
        "running": b"caf\xe9\nend\n",
        "startup": b"x\n",
        "facts": '{\n  "a": "é",\n  "b": 1\n}\n'.encode(),
    }
    assert documents(capture("end\n")) == {"running": b"end\n"}
