"""The one byte form of an entry: RFC 8785 canonical JSON, and a grammar that accepts nothing else.

Hashing needs one form for each value; reading needs one value for each form. So bytes that merely parse are not
enough: with a duplicate key, a space or an escaped letter two honest readers could see two different entries behind
one valid hash, and a `hash` member that wanders into `facts` would leave the hashed bytes as they were.
"""

import json
import re
from collections.abc import Sequence
from typing import Any, Final, Never, TypeAlias

import rfc8785

WORD: Final = r"[!#-\[\]-~]+"
"""What an entry's own strings are made of: visible ASCII that JSON does not escape. Other text is facts or a body."""

HASH_MEMBER: Final = ',"hash":"'
_HASH_END: Final = len(HASH_MEMBER) + 64

_WORD = rf'"{WORD}+"'  # possessive: a word ends at its quote, trying shorter ones is wasted
_KEPT = rf'"({WORD}+)"'
_TIME = r'"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)"'
_HEX: Final = re.compile("[0-9a-f]{64}")
_BODY = rf'\{{"digest":"({_HEX.pattern})","size":(?:0|[1-9][0-9]{{0,15}}),"type":{_WORD}\}}'
_AUTH, _VISIBILITY = '"(?:claimed|os|key|service)"', '"(?:internal|client)"'


def _members(*members: tuple[str, str]) -> str:
    """A pattern for members in this order; ``("at?", …)`` may be absent."""
    return "".join(
        f'(?:,"{key[:-1]}":{value})?' if key.endswith("?") else f',"{key}":{value}' for key, value in members
    )


# The whole entry. Groups: body digest, change, client, device, facts, hash, id, kind, phase, prev, request, seq,
# stream, target, time. There is one way to match: no word holds a quote, and what follows the hash holds no other
# `hash`, so facts end at the last one. What facts are is left to `canonical_objects`; hash and prev are compared with
# what they must be, which costs less than matching hexadecimal digits.
_ENTRY: Final = re.compile(
    r"\{"
    + _members(
        ("action", _WORD),
        ("actor", _WORD),
        ("at?", _TIME.replace("(", "(?:")),
        ("auth", _AUTH),
        ("body?", _BODY),
        ("change?", _KEPT),
        ("client", _KEPT),
        ("corrects?", _WORD),
        ("device?", _KEPT),
        ("facts", r"(\{.*\})"),
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
        ("ticket?", _WORD),
        ("time", _TIME),
        ("v", "1"),
        ("visibility", _VISIBILITY),
    )[1:]
    + r"\}"
)
_FACTS_GROUP: Final = 5
_HASH_GROUP: Final = 6

#: One entry's text taken apart: (body digest, change, client, device, facts, hash, id, kind, phase, prev, request,
#: seq, stream, target, time), and the canonical entry without ``hash``, which is what the hash covers.
Parts: TypeAlias = tuple[tuple[str | Any, ...], str]


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
        text = line.decode()
    except UnicodeDecodeError:
        return None
    found = _ENTRY.fullmatch(text)
    if found is None:
        return None
    cut = found.start(_HASH_GROUP) - len(HASH_MEMBER)
    return found.groups(), text[:cut] + text[cut + _HASH_END + 1 :]


def insert_hash(unhashed: bytes, digest: str) -> bytes:
    """The canonical entry with its hash, which sorts after ``facts`` and before ``id``: the last one is the entry's."""
    cut = unhashed.rfind(b',"id":"')
    return b'%b%b%b"%b' % (unhashed[:cut], HASH_MEMBER.encode(), digest.encode(), unhashed[cut:])


def read(line: bytes) -> dict[str, Any]:
    """The JSON object of one entry in canonical form. Raises ValueError when it is not."""
    parts = split(line)
    if parts is None or canonical_objects([parts[0][_FACTS_GROUP - 1]]) == [None]:
        raise ValueError("not an entry in canonical form")
    document: dict[str, Any] = json.loads(line)
    if not (_HEX.fullmatch(document["hash"]) and _HEX.fullmatch(document["prev"])):
        raise ValueError("not an entry in canonical form")
    return document


_LONG_MEMBER: Final = re.compile(r":-?[0-9]{16}")
_LONG_ITEM: Final = re.compile(r"[,\[]-?[0-9]{16}")
_FENCE: Final = "}{"
_BETWEEN: Final = f',"{_FENCE}",'


def canonical_objects(texts: Sequence[str]) -> list[dict[str, Any] | None]:
    """Parse texts that shall each be one object of the log's JSON in canonical form; None for each that is not.

    All at once where possible, because starting the parser costs more than running it. A fence between the texts
    proves that each is a whole object: it is found at every second place, and nowhere else.
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
            objects: list[dict[str, Any] | None] = values[::2]
            return objects
    return [_object(text) for text in texts]


def _object(text: str) -> dict[str, Any] | None:
    value = _parse(text)
    return value if isinstance(value, dict) and _in_domain(value) and _encodes_to(value, text) else None


def _parse(text: str) -> Any:
    try:
        return json.loads(text, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _encodes_to(value: Any, text: str) -> bool:
    try:
        return _encode(value) == text
    except RecursionError:
        return False


def _refuse(literal: str) -> Never:
    raise ValueError(f"{literal} is not a value of the log")


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
