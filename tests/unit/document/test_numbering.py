"""Clauses have one number, whatever they are rendered to."""

from netmgr.adapters.package_templates import words_in
from netmgr.document.block import Clause, Paragraph, Section
from netmgr.document.numbering import numbered, numbers

DEEP = Clause("a", tuple(Clause(f"b{n}", (Clause("c", key="c"),) if n == 3 else ()) for n in range(30)), "a")
SECTIONS = (
    Section("first", "First", (Paragraph("not numbered"), DEEP, Clause("d", key="d"))),
    Section("second", "Second", (Clause("e"),), (Section("below", "Below", (Clause("f", key="f"),)),)),
    Section("x", "Extra", (Clause("g", key="g"),), annex=True),
    Section("y", "Yet more", (), annex=True),
)


def test_sections_clauses_and_annexes():
    made = numbered(SECTIONS, words_in("en"))
    assert [section.number for section in made] == ["1", "2", "Annex 1", "Annex 2"]
    clause = made[0].blocks[1]
    assert clause.number == "1.1"
    assert [item.number for item in clause.items][::13] == ["(a)", "(n)", "(aa)"]
    assert clause.items[3].items[0].number == "(i)"
    assert numbers(made) == {
        "first": "1",
        "a": "1.1",
        "c": "1.1(d)(i)",
        "d": "1.2",
        "second": "2",
        "below": "2.2",
        "f": "2.2.1",
        "x": "Annex 1",
        "g": "A1.1",
        "y": "Annex 2",
    }
    assert numbered(SECTIONS, words_in("zh-CN"))[2].number == "附件1"


def test_roman_numbers():
    items = tuple(Clause("b") for _ in range(44))
    (made,) = numbered((Section("s", "S", (Clause("a", (Clause("b", items),)),)),), words_in("en"))
    found = [item.number for item in made.blocks[0].items[0].items]
    assert found[:10] == ["(i)", "(ii)", "(iii)", "(iv)", "(v)", "(vi)", "(vii)", "(viii)", "(ix)", "(x)"]
    assert [found[n - 1] for n in (14, 40, 44)] == ["(xiv)", "(xl)", "(xliv)"]
