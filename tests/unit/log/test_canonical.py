"""The byte form: what we write is RFC 8785, and what is not RFC 8785 is refused, whatever hash it carries."""

import json
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.model import canonical as canonical_form
from netmgr.model.canonical import canonical_objects, hashes, read, read_page, split, split_page
from netmgr.model.chain import GENESIS
from tests.unit.log.drafts import chain, draft, sealed

KEYS = st.text(st.characters(max_codepoint=127), max_size=6)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.sampled_from(
        ["}{", '"', "\\", ',"hash":"', '"facts":', "\u2028", "\x00\x1f\x7f", "1234567890123456789"]
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
FACTS = st.dictionaries(KEYS, VALUES, max_size=5)


@settings(deadline=None)
@given(st.lists(FACTS, min_size=1, max_size=4))
def test_stored_bytes_are_rfc_8785_and_read_back_as_they_were(facts):
    for link, given_facts in zip(sealed(*(draft(facts=f) for f in facts)), facts, strict=True):
        document = json.loads(link.stored.line)
        assert link.stored.line == rfc8785.dumps(document)
        assert document["facts"] == given_facts
        assert read(link.stored.line) == document


@settings(deadline=None)
@given(st.lists(FACTS, min_size=1, max_size=5))
def test_the_fast_check_accepts_exactly_what_the_library_writes(facts):
    texts = [rfc8785.dumps(f).decode() for f in facts]
    assert canonical_objects(texts) == facts


@settings(deadline=None)
@given(st.lists(FACTS, min_size=2, max_size=4), st.data())
def test_a_boundary_that_moved_is_noticed(facts, data):
    """The same bytes between the entries, cut at another place, are not the same objects."""
    texts = [rfc8785.dumps(f).decode() for f in facts]
    joined = texts[0] + texts[1]
    cut = data.draw(st.integers(0, len(joined)).filter(lambda place: place != len(texts[0])))
    moved = [joined[:cut], joined[cut:], *texts[2:]]
    found = canonical_objects(moved)
    assert None in found[:2]
    assert found[2:] == facts[2:]


@pytest.mark.parametrize(
    "texts",
    [
        ['{"a":1},"}{",{"b":2}', '{"x":[1', "2]}"],
        ['{"a":1},{"b":2},{"x":[1', "2]}"],
        ['{"a":"', '"}'],
        ["{", "}"],
        ['{"a":1},{"b":"', '{"}'],
        ['{"a":1},{"b":"', '"}'],
        ['{"a":"', '{"}'],
        ['{"a":"', '{"},5'],
    ],
)
def test_texts_that_make_sense_only_together_are_not_objects(texts):
    """Each page as a whole is canonical JSON with as many values as there should be."""
    assert canonical_objects(texts) == [None] * len(texts)


OBJECTS_THAT_ARE_NOT_CANONICAL = [
    '{"a":1,"a":1}',
    '{"b":1,"a":1}',
    '{"a": 1}',
    '{"a":1 }',
    ' {"a":1}',
    '{"a":1}\n',
    '{"a":1.5}',
    '{"a":1.0}',
    '{"a":1e3}',
    '{"a":-0}',
    '{"a":01}',
    '{"a":9007199254740992}',
    '{"a":-9007199254740992}',
    '{"a":[9007199254740992]}',
    '{"a":[-9007199254740992]}',
    '{"a":' + "9" * 5000 + "}",
    '{"a":NaN}',
    '{"a":Infinity}',
    '{"a":"\\u0041"}',
    '{"a":"\\/"}',
    '{"a":"\\u000a"}',
    '{"a":"\\u001F"}',
    '{"a":"\\ud800"}',
    '{"a":"\n"}',
    '{"a":True}',
    '{"é":1}',
    "[]",
    '"a"',
    "null",
    "1",
    "",
    '{"a":1},{"b":2}',
    '{"a":1},"}{",{"b":2}',
    '{"a":' * 100_000 + "1" + "}" * 100_000,
    '{"a":' + "[" * 900 + "]" * 900 + ",}",
]


@pytest.mark.parametrize(
    "text", OBJECTS_THAT_ARE_NOT_CANONICAL, ids=lambda text: text[:30].encode("unicode_escape").decode()
)
def test_facts_in_any_other_form_are_refused_alone_and_among_others(text):
    assert canonical_objects([text]) == [None]
    assert canonical_objects(['{"x":1}', text, '{"y":[]}']) == [{"x": 1}, None, {"y": []}]


def _line() -> str:
    return chain(1)[0].stored.line.decode()


ENTRIES_THAT_ARE_NOT_CANONICAL = {
    "space": lambda text: text.replace(",", ", ", 1),
    "newline at the end": lambda text: text + "\n",
    "byte order mark": lambda text: "\ufeff" + text,
    "duplicate key": lambda text: text.replace('"device":"core1"', '"device":"core1","device":"core2"'),
    "unknown key": lambda text: text.replace('"visibility"', '"vendor":"x","visibility"'),
    "unsorted": lambda text: text.replace(
        '"action":"deploy","actor":"p-17"', '"actor":"p-17","action":"deploy"'
    ),
    "escaped letter": lambda text: text.replace('"core1"', '"\\u0063ore1"'),
    "escaped key": lambda text: text.replace('"device"', '"devic\\u0065"'),
    "seq as a float": lambda text: text.replace('"seq":1', '"seq":1.0'),
    "seq with a zero": lambda text: text.replace('"seq":1', '"seq":01'),
    "seq zero": lambda text: text.replace('"seq":1', '"seq":0'),
    "seq in other digits": lambda text: text.replace('"seq":1', '"seq":\u0661'),
    "another version": lambda text: text.replace('"v":1', '"v":2'),
    "null for absent": lambda text: text.replace('"device":"core1"', '"device":null'),
    "empty word": lambda text: text.replace('"core1"', '""'),
    "word outside ASCII": lambda text: text.replace('"core1"', '"cöre1"'),
    "body with a float": lambda text: text.replace('"size":6', '"size":6e0'),
    "body with another key": lambda text: text.replace('"size":6', '"name":"x","size":6'),
    "upper case digest": lambda text: text.replace(text.split('"digest":"')[1][:64], "A" * 64),
    "local time": lambda text: text.replace(".000000Z", ".000000+00:00"),
    "time without microseconds": lambda text: text.replace(".000000Z", "Z"),
    "facts as an array": lambda text: text.replace('"facts":{', '"facts":[{').replace(
        '},"hash":"' + text[-1], ""
    ),
    "no facts": lambda text: text[: text.index('"facts"')] + text[text.rindex(',"hash":"') + 1 :],
    "no hash": lambda text: text[: text.rindex(',"hash":"')] + text[text.rindex(',"id"') :],
    "two hashes": lambda text: text.replace(_hash(text), _hash(text) * 2),
    "hash inside facts": lambda text: text.replace(_hash(text), "").replace(
        '"facts":{"added":1', '"facts":{"added":1' + _hash(text)
    ),
    "hash behind id": lambda text: text.replace(_hash(text), "").replace(',"kind"', _hash(text) + ',"kind"'),
    "upper case hash": lambda text: text.replace(_hash(text), _hash(text).upper().replace("HASH", "hash")),
    "two entries": lambda text: text + text,
    "an array": lambda text: f"[{text}]",
    "cut off": lambda text: text[:-1],
    "empty": lambda text: "",
}


def _hash(text: str) -> str:
    place = text.rindex(',"hash":"')
    return text[place : place + 74]


@pytest.mark.parametrize(
    "change", ENTRIES_THAT_ARE_NOT_CANONICAL.values(), ids=ENTRIES_THAT_ARE_NOT_CANONICAL
)
def test_an_entry_in_any_other_form_is_refused(change):
    text = _line()
    changed = change(text)
    assert changed != text
    with pytest.raises(ValueError, match=r"^not an entry in canonical form$"):
        read(changed.encode())


@pytest.mark.parametrize(
    "change",
    [change for name, change in ENTRIES_THAT_ARE_NOT_CANONICAL.items() if name != "upper case hash"],
    ids=[name for name in ENTRIES_THAT_ARE_NOT_CANONICAL if name != "upper case hash"],
)
def test_a_page_refuses_what_an_entry_refuses(change):
    """Whatever hash it carries: only the hash itself is left to those who compare it with what it must be."""
    text = _line()
    assert split_page([text.encode()] * 2, "acme", "main") is not None
    for page in ([text, change(text)], [change(text), text]):
        parts = split_page([line.encode() for line in page], "acme", "main")
        assert parts is None or None in canonical_objects(parts.facts)


@pytest.mark.parametrize(
    "change", ENTRIES_THAT_ARE_NOT_CANONICAL.values(), ids=ENTRIES_THAT_ARE_NOT_CANONICAL
)
def test_a_page_that_is_read_refuses_what_an_entry_refuses(change):
    text = _line()
    for page in ([text, change(text)], [change(text), text], [change(text)]):
        with pytest.raises(ValueError, match=r"^not an entry in canonical form$"):
            read_page([line.encode() for line in page], "acme", "main")


def test_a_page_is_read_as_its_entries_are():
    lines = [link.stored.line for link in chain(9)]
    assert read_page(lines, "acme", "main") == [read(line) for line in lines]
    mixed = [*lines, chain(1, client="globex")[0].stored.line]
    assert read_page(mixed, "acme", "main") == [read(line) for line in mixed]


WANDERING = [
    '{"a":1},"facts":{"b":1}',
    '{"a":1},"hash":"x","x":{}',
    '{"a":1}},{"b":{}',
    '{"a":{"b":1}',
    '{"a":1}}',
    '{"a":"}',
]


@pytest.mark.parametrize(
    "facts",
    [*OBJECTS_THAT_ARE_NOT_CANONICAL, *WANDERING],
    ids=lambda text: text[:30].encode("unicode_escape").decode(),
)
@pytest.mark.parametrize("other", ['{"y":[]}', '{"y":"ö"}', '{"y":"longer than the other one was"}'])
def test_a_page_is_refused_for_one_entry_s_facts(facts, other):
    """Among ASCII alone and among other text: the page is held against its canonical form in two ways."""
    plain = sealed(draft(facts={"a": 1}))[0].stored.line.decode()
    good, bad = (plain.replace('{"a":1}', text).encode("utf-8", "surrogatepass") for text in (other, facts))
    for page in ([good, bad], [bad, good], [bad, bad]):
        with pytest.raises(ValueError, match=r"^not an entry in canonical form$"):
            read_page(page, "acme", "main")


@settings(deadline=None)
@given(st.lists(FACTS, min_size=1, max_size=5))
def test_a_page_is_read_as_its_entries_are_whatever_facts_they_have(facts):
    lines = [link.stored.line for link in sealed(*(draft(facts=f) for f in facts))]
    assert read_page(lines, "acme", "main") == [read(line) for line in lines]


def test_facts_that_reach_into_the_next_line_are_no_entry_of_a_page():
    """Two lines that are one entry, and one that is two: as many entries as lines, and none of them is one."""
    text = sealed(draft(facts={"a": 1}))[0].stored.line.decode()
    place = text.index('{"a":1}') + 1
    halves, twins = [text[:place], text[place:]], f"{text}\n{text}"
    assert split_page([half.encode() for half in halves], "acme", "main") is None
    assert split_page([line.encode() for line in (*halves, twins)], "acme", "main") is None


def test_bytes_outside_utf_8_are_refused():
    line = _line().encode().replace("zurück".encode(), "zurück".encode("latin-1"))
    assert split(line) is None


def test_a_hash_within_facts_stays_there():
    """The hash that is cut out is the entry's own, though facts may hold the same text."""
    (link,) = sealed(draft(facts={"a": 1, "hash": "f" * 64, "id": "x"}))
    assert link.entry.facts == {"a": 1, "hash": "f" * 64, "id": "x"}
    assert hashes([link.stored.line]) == [link.entry.hash]
    assert json.loads(link.stored.line)["hash"] == link.entry.hash
    assert read(link.stored.line)["prev"] == GENESIS.hash


def test_the_shortest_entry_has_its_hash_found():
    line = f'{{"action":"a","actor":"a","auth":"os","client":"c","facts":{{}}{canonical_form._TAIL}'.encode()
    assert split(line) is not None
    unhashed = line.replace(b',"hash":"' + b"0" * 64 + b'"', b"", 1)
    assert hashes([line]) == [sha256(unhashed).hexdigest()]


@pytest.mark.parametrize(
    "time", ["2026-11-23T05:00:00.123456+", "2026-11-23 05:00:00.123456Z", "\u0966026-11-23T05:00:00.123456Z"]
)
def test_a_page_is_as_strict_as_an_entry_about_times(time):
    line = f'{{"action":"a","actor":"a","auth":"os","client":"c","facts":{{}}{canonical_form._TAIL}'
    bad = line.replace(canonical_form._TIME_FORM, time).encode()
    good = line.replace(canonical_form._TIME_FORM, "2026-11-23T05:00:00.123456Z").encode()
    assert (split(bad), split_page([good, bad], "c", "s")) == (None, None)
    assert split_page([good, good], "c", "s") is not None
    assert (split_page([good, good[:-1]], "c", "s"), split_page([good], ".", "s")) == (None, None)
