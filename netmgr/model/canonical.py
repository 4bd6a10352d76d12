"""The one byte form of an entry: RFC 8785 canonical JSON, and a grammar that accepts nothing else.

Hashing needs one form for each value; reading needs one value for each form. So bytes that merely parse are not
enough: with a duplicate key, a space or an escaped letter two honest readers could see two different entries behind
one valid hash, and a `hash` member that wanders into `facts` would leave the hashed bytes as they were.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import Any, Final, NamedTuple, Never

import rfc8785

WORD: Final = r"[!#-\[\]-~]+"
"""What an entry's own strings are made of: visible ASCII that JSON does not escape. Other text is facts or a body."""

_HASH_MEMBER: Final = b',"hash":"'
_HASH_LENGTH: Final = len(_HASH_MEMBER) + 65

_WORD = rf'"{WORD}+"'  # possessive: a word ends at its quote, trying shorter ones is wasted
_KEPT = rf'"({WORD}+)"'
_TIME = r'"(dddd-dd-ddTdd:dd:dd\.ddddddZ)"'.replace("d", "[0-9]")  # written out: counting costs more
_HEX: Final = re.compile("[0-9a-f]{64}")
_BODY = rf'\{{"digest":"({_HEX.pattern})","size":(?:0|[1-9][0-9]{{0,15}}),"type":{_WORD}\}}'
_AUTH, _VISIBILITY = '"(?:claimed|os|key|service)"', '"(?:internal|client)"'


_TIME_FORM: Final = "0000-00-00T00:00:00.000000Z"
#: The least that an entry in canonical form has from its hash on; where it begins is looked for before that.
_TAIL: Final = (
    f',"hash":"{"0" * 64}","id":"i","kind":"k","on":"o","phase":"result","prev":"{"0" * 64}","request":"r","seq":1,'
    f'"stream":"s","target":"lab","time":"{_TIME_FORM}","v":1,"visibility":"client"}}'
)
_BEFORE: Final = len(',"hash":"') - len(_TAIL)


# The whole entry. There is one way to match: no word holds a quote, and what follows the hash holds no other `hash`, so
# facts end at the last one; facts without inner braces are merely found faster, most of all by one character that they
# have not. What facts are is left to `canonical_objects`; hash and prev are compared with what they must be: that costs
# less than matching hexadecimal digits. In this order; ``at?`` may be absent. A member's only group is its value.
_MEMBERS: Final = (
    ("action", _WORD),
    ("actor", _WORD),
    ("at?", _TIME.replace("(", "(?:")),
    ("auth", _AUTH),
    ("body?", _BODY),
    ("change?", _KEPT),
    ("client", _KEPT),
    ("corrects?", _WORD),
    ("device?", _KEPT),
    ("facts", r"(\{[^}]*+\}|\{.*\})"),
    ("hash", '"(.{64})"'),
    ("id", _KEPT),
    ("kind", _KEPT),
    ("on", _WORD),
    ("outcome?", _WORD),
    ("phase", '"(intent|decision|result)"'),
    ("prev", '"(.{64})"'),
    ("request", _KEPT),
    ("seq", "([1-9][0-9]{0,15})"),
    ("stream", _KEPT),
    ("target", '"(network|lab)"'),
    ("ticket?", _KEPT),
    ("time", _TIME),
    ("v", "1"),
    ("visibility", _VISIBILITY),
)


def _grammar(kept: Collection[str]) -> str:
    """A pattern for an entry, with a group for each of the members that are ``kept``: each costs."""

    def member(key: str, value: str) -> str:
        name = key.rstrip("?")
        if name not in kept and "(" in value.replace("(?:", ""):
            value = value.replace("(", "(?:", 1)
        return f'(?:,"{name}":{value}|)' if key.endswith("?") else f',"{name}":{value}'

    return r"\{" + "".join(member(key, value) for key, value in _MEMBERS)[1:] + r"\}"


_HEX_DIGITS: Final = b"0123456789abcdef"
_LINE_END: Final = "\n"
#: What of a page's entries is judged when they are read.
_JUDGED: Final = ("body", "facts", "hash", "prev", "time")
_ANY_DIGIT = dict.fromkeys(map(ord, "123456789"), "0")


@cache
def _entries(client: str, stream: str, kept: tuple[str, ...]) -> re.Pattern[str]:
    """The same for the entries of one chain, one on each line: what they all say costs less to compare than to find.

    The form of ``time`` and of a body's digest is left open: ``_has_form`` judges it for all of them at once.
    """
    pattern = _grammar((*kept, "client", "stream"))
    pattern = pattern.replace(f'"time":{_TIME}', f'"time":"(.{{{len(_TIME_FORM)}}})"')
    pattern = pattern.replace(f"({_HEX.pattern})", "(.{64})")
    for key, value in (("client", client), ("stream", stream)):
        pattern = pattern.replace(f',"{key}":{_KEPT}', f',"{key}":"{re.escape(value)}"')
    return re.compile(f"^{pattern}$", re.MULTILINE)


class Parts(NamedTuple):
    """One entry's text taken apart. None for what it has not."""

    body: str | None
    change: str | None
    client: str
    device: str | None
    facts: str
    hash: str
    id: str
    kind: str
    phase: str
    prev: str
    request: str
    seq: str
    stream: str
    target: str
    ticket: str | None
    time: str


_ENTRY: Final = re.compile(_grammar(Parts._fields))


class Columns(NamedTuple):
    """Several entries of one chain taken apart: of each member, what every entry has."""

    body: tuple[str, ...]
    change: tuple[str, ...]
    device: tuple[str, ...]
    facts: tuple[str, ...]
    hash: tuple[str, ...]
    id: tuple[str, ...]
    kind: tuple[str, ...]
    phase: tuple[str, ...]
    prev: tuple[str, ...]
    request: tuple[str, ...]
    seq: tuple[str, ...]
    target: tuple[str, ...]
    ticket: tuple[str, ...]
    time: tuple[str, ...]


def _refuse(literal: str) -> Never:
    raise ValueError(f"{literal} is not a value of the log")


_decode = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse).decode

# The C encoder of the standard library writes what RFC 8785 asks for, as long as keys are ASCII and there are no
# floats; a property test holds it against the rfc8785 library. It is ten times as fast, which the log needs.
_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


def canonical(value: Any) -> bytes:
    """RFC 8785 JSON of any value: sorted, compact, UTF-8."""
    return rfc8785.dumps(value)


def canonical_entry(document: dict[str, Any]) -> bytes:
    """The same for what an entry may hold: ASCII keys and no floats, as `netmgr.model.entry.Draft` makes sure."""
    return _encode(document).encode()


def split(line: bytes) -> Parts | None:
    """Take an entry's bytes apart, or None when all but its facts is not in canonical form."""
    try:
        found = _ENTRY.fullmatch(line.decode())
    except UnicodeDecodeError:
        return None
    return None if found is None else Parts._make(found.groups())


def split_page(lines: Sequence[bytes], client: str, stream: str) -> Columns | None:
    """The same for several entries of one chain, by member, with ``""`` for what an entry has not.

    None unless all of them are such. One search for all of them: a match takes whole lines, so as many matches as lines
    are one for each.
    """
    page = _page(lines)
    found = [] if page is None else _entries(client, stream, Columns._fields).findall(page)
    if len(found) != len(lines):
        return None
    columns = Columns._make(zip(*found, strict=True))
    return columns if _has_form(columns.time, columns.body) else None


def _page(lines: Sequence[bytes]) -> str | None:
    """The text of all lines, or None where that is no text, or has other lines."""
    if b"\n" in b"".join(lines):
        return None
    try:
        return b"\n".join(lines).decode()
    except UnicodeDecodeError:
        return None


def _has_form(times: Sequence[str], digests: Sequence[str]) -> bool:
    """Whether times are such, and digests (or ``""``) have nothing but hexadecimal digits."""
    others = "".join(digests).encode().translate(None, _HEX_DIGITS)
    return not others and "".join(times).translate(_ANY_DIGIT) == _TIME_FORM * len(times)


def hashes(lines: Iterable[bytes]) -> list[str]:
    """The hash that each of these entries in canonical form should have: over all of it but its ``hash`` member."""
    return [
        sha256(line[: (cut := line.rfind(_HASH_MEMBER, 0, _BEFORE))] + line[cut + _HASH_LENGTH :]).hexdigest()
        for line in lines
    ]


def insert_hash(unhashed: bytes, digest: str) -> bytes:
    """The canonical entry with its hash, which sorts after ``facts`` and before ``id``: the last one is the entry's."""
    cut = unhashed.rfind(b',"id":"')
    return b'%b%b%b"%b' % (unhashed[:cut], _HASH_MEMBER, digest.encode(), unhashed[cut:])


def read(line: bytes) -> dict[str, Any]:
    """The JSON object of one entry in canonical form. Raises ValueError when it is not."""
    parts = split(line)
    if parts is None or canonical_objects([parts.facts]) == [None]:
        raise ValueError("not an entry in canonical form")
    document: dict[str, Any] = json.loads(line)
    if not (_HEX.fullmatch(document["hash"]) and _HEX.fullmatch(document["prev"])):
        raise ValueError("not an entry in canonical form")
    return document


def read_page(lines: Sequence[bytes], client: str, stream: str) -> list[dict[str, Any]]:
    """The same for several entries of one chain, at a third of the cost where all of them are in canonical form."""
    page = _page(lines)
    found = [] if page is None else _entries(client, stream, _JUDGED).findall(page)
    if page is None or len(found) != len(lines):
        return [read(line) for line in lines]
    bodies, facts, hashes_, prevs, times = zip(*found, strict=True)
    documents: list[dict[str, Any]] = _parse(f"[{page.replace(_LINE_END, ',')}]") or []
    if (
        len(documents) != len(lines)
        or not _has_form(times, (*bodies, *hashes_, *prevs))
        or not _are_written(documents, facts)
    ):
        return [read(line) for line in lines]
    return documents


def _are_written(documents: Sequence[Mapping[str, Any]], facts: Sequence[str]) -> bool:
    """Whether ``facts`` are those of the ``documents``, which they were parsed in, and in canonical form.

    Nothing is longer in canonical form than it was: where they are the same text together, each of them is.
    """
    page = f"[{','.join(facts)}]"
    if not page.isascii() or _LONG_MEMBER.search(page) or _LONG_ITEM.search(page):
        return [document["facts"] for document in documents] == canonical_objects(facts)
    return _encodes_to([document["facts"] for document in documents], page)


_LONG_MEMBER: Final = re.compile(r":[0-9-][0-9]{15}")
_LONG_ITEM: Final = re.compile(r"[,\[][0-9-][0-9]{15}")
_FENCE: Final = "}{"
_BETWEEN: Final = f',"{_FENCE}",'
_NOT_PLAIN: Final = ("\\", " ", "\t", "\r", "\n", ":-0")


def canonical_objects(texts: Sequence[str]) -> list[dict[str, Any] | None]:
    """Parse texts that shall each be one object of the log's JSON in canonical form; None for each that is not.

    All at once where possible, because starting the parser costs more than running it.
    """
    return _flat_objects(texts) or _fenced_objects(texts) or [_object(text) for text in texts]


def _flat_objects(texts: Sequence[str]) -> list[dict[str, Any] | None]:
    """The objects, if all are without lists, objects and escapes in them and canonical; none of them otherwise.

    There are as many braces as texts, and each text begins with one: as many objects prove that each is a whole one.
    Nothing is escaped, so ``":`` ends a key and stands nowhere else. What then could be written in another way is a
    space between tokens, a minus before 0, a key that is there twice, or the keys in another order.
    """
    page = f"[{','.join(texts)}]"
    if (
        page.count("{") != len(texts)
        or {text[:1] for text in texts} != {"{"}
        or page.rfind("[") > 0
        or not page.isascii()
        or any(other in page for other in _NOT_PLAIN)
        or _LONG_MEMBER.search(page)
    ):
        return []
    objects = _parse(page) or []
    if (
        len(objects) == len(texts)
        and set(map(type, objects)) == {dict}
        and page.count('":') == sum(map(len, objects))
        and all(list(keys) == sorted(keys) for keys in set(map(tuple, objects)))
    ):
        return list(objects)
    return []


def _fenced_objects(texts: Sequence[str]) -> list[dict[str, Any] | None]:
    """The objects, if all are canonical; none of them otherwise.

    A fence between the texts proves that each is a whole one: it is found at every second place, and nowhere else.
    """
    page = f"[{_BETWEEN.join(texts)}]"
    long = _LONG_MEMBER.search(page) or (page.rfind("[") and _LONG_ITEM.search(page))
    if page.isascii() and page.count(_FENCE) == len(texts) - 1 and not long:
        values = _parse(page)
        if (
            values is not None
            and len(values) == 2 * len(texts) - 1
            and values[1::2] == [_FENCE] * (len(texts) - 1)
            and set(map(type, values[::2])) == {dict}
            and _encodes_to(values, page)
        ):
            return list(values[::2])
    return []


def _object(text: str) -> dict[str, Any] | None:
    value = _parse(text)
    return value if isinstance(value, dict) and _in_domain(value) and _encodes_to(value, text) else None


def _parse(text: str) -> Any:
    try:
        return _decode(text)
    except (ValueError, RecursionError):
        return None


def _encodes_to(value: Any, text: str) -> bool:
    try:
        return _encode(value) == text
    except RecursionError:
        return False


def _in_domain(value: Any) -> bool:
    """ASCII keys and integers below 2^53, however deep."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            if not all(map(str.isascii, item)):
                return False
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, int) and abs(item) >= 2**53:
            return False
    return True
