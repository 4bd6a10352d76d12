"""Hiding secrets in text that comes from programs: as they are, and as programs write them down."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

#: Lines of a longer secret, such as a key, that are secret by themselves.
_LINE = 16
#: Shorter values are hidden as they are and in no other form: parts of them stand in anything.
_SHORTEST = 4


class Redactor:
    """Puts ``<secret:NAME>`` in the place of every known value, raw or encoded. ``secrets`` is name → value."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        forms = {form: name for name, value in secrets.items() for form in _forms(value)}
        self._names = forms
        longest = sorted(forms, key=len, reverse=True)  # as one may hold another
        self._pattern = re.compile("|".join(map(re.escape, longest))) if forms else None

    def text(self, value: str) -> str:
        """``value`` without secrets."""
        if self._pattern is None:
            return value
        return self._pattern.sub(lambda match: f"<secret:{self._names[match[0]]}>", value)

    def deep(self, value: Any) -> Any:
        """A document in JSON's types without secrets, keys included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.deep(key): self.deep(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.deep(item) for item in value]
        return value


def _forms(value: str) -> Iterator[str]:
    """How ``value`` may be written: raw, in JSON, in a URL, in base64 wherever in a longer text it begins."""
    parts = {value, value.strip()}
    parts |= {line for line in value.splitlines() if len(line) >= _LINE and not line.startswith("-----")}
    for part in parts - {""}:
        yield part
        if len(part) < _SHORTEST:
            continue
        for ascii_only in (True, False):
            escaped = json.dumps(part, ensure_ascii=ascii_only)[1:-1]
            yield escaped
            yield json.dumps(escaped, ensure_ascii=ascii_only)[1:-1]
        yield from {quote(part), quote(part, safe=""), quote_plus(part)}
        yield repr(part)[1:-1]
        for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
            yield from _within_base64(part.encode("utf-8", "surrogateescape"), alphabet)


def _within_base64(data: bytes, encode: Any) -> Iterator[str]:
    """base64 (RFC 4648) of ``data`` without the characters at both ends that its neighbours share.

    Three bytes make four characters, so there are three ways for it to lie in a longer text.
    """
    for before in range(3):
        text = encode(b"\0" * before + data).decode("ascii")
        first = (before * 8 + 5) // 6
        last = (before + len(data)) * 8 // 6
        if last - first >= _SHORTEST:
            yield text[first:last]
