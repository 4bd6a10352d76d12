"""Edits turn one text into the other, whatever the texts are; for canonical ones they are as few as can be."""

import difflib
import itertools

from hypothesis import given
from hypothesis import strategies as st

from netmgr.model.alignment import edits

LINES = st.lists(st.sampled_from(["a", "b", " x", " y", "  z", ""]), max_size=12)
SECTIONS = st.dictionaries(
    st.integers(0, 9), st.dictionaries(st.integers(0, 5), st.integers(0, 2), max_size=5), max_size=8
)


def applied(old, new):
    result, at = [], 0
    for i1, i2, j1, j2 in edits(old, new):
        result += [*old[at:i1], *new[j1:j2]]
        at = i2
    return result + old[at:]


def canonical(sections):
    """Each line once in its section, everything in one order."""
    return [
        line
        for head, settings in sorted(sections.items())
        for line in (
            f"section {head}",
            *(f" setting {key} {value}" for key, value in sorted(settings.items())),
        )
    ]


@given(LINES, LINES)
def test_edits_turn_one_into_the_other(old, new):
    assert applied(old, new) == new


@given(LINES, LINES)
def test_edits_are_in_order_and_do_neither_overlap_nor_nothing(old, new):
    found = list(edits(old, new))
    assert [edit for edit in found if edit[0] == edit[1] and edit[2] == edit[3]] == []
    for (_, i2, _, j2), (i1, _, j1, _) in itertools.pairwise(found):
        assert i1 >= i2
        assert j1 >= j2


@given(SECTIONS, SECTIONS)
def test_canonical_texts_differ_in_exactly_the_lines_that_one_has_and_the_other_lacks(before, after):
    old, new = canonical(before), canonical(after)

    def keyed(sections):
        return {(head, line) for head, settings in sections.items() for line in [None, *settings.items()]}

    found = list(edits(old, new))
    assert sum(i2 - i1 for i1, i2, _, _ in found) == len(keyed(before) - keyed(after))
    assert sum(j2 - j1 for _, _, j1, j2 in found) == len(keyed(after) - keyed(before))


def test_a_section_gone_is_one_edit_though_the_next_one_looks_the_same():
    old = ["interface eth1", " description a", " mtu", "interface eth2", " description b", " mtu"]
    assert list(edits(old, old[3:])) == [(0, 3, 0, 0)]


def test_a_text_in_another_order_costs_no_more_than_difflib_says():
    old, new = ["a", "b", "c", "d"], ["c", "a", "b", "d"]
    opcodes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    assert list(edits(old, new)) == [tuple(o[1:]) for o in opcodes if o[0] != "equal"]
