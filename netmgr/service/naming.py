"""Whether a text names somebody (pure)."""

import json
import re
from collections.abc import Iterable, Iterator
from email import policy
from email.parser import BytesParser
from typing import Any


class Named:
    """Looks for names and addresses, whatever their case and however their spaces are broken into lines."""

    def __init__(self, words: Iterable[str]) -> None:
        patterns = [_pattern(word) for word in words if word.strip()]
        self._found = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None

    def in_text(self, text: str) -> bool:
        """Whether the text has one of them, as words of its own."""
        return self._found is not None and self._found.search(text) is not None

    def in_body(self, content: bytes, kind: str) -> bool:
        """Whether a body of this media type has: as it is, and as its reader would see it."""
        return any(map(self.in_text, _texts(content, kind)))


def _pattern(word: str) -> str:
    """ASCII words end where letters do; scripts that are written without spaces know no such end."""
    made = r"\s+".join(map(re.escape, word.split()))
    return rf"(?<!\w){made}(?!\w)" if word.isascii() else made


def _texts(content: bytes, kind: str) -> Iterator[str]:
    yield content.decode("utf-8", "replace")
    if kind == "application/json":
        try:
            yield from _strings(json.loads(content))
        except (ValueError, RecursionError):
            return
    elif kind == "message/rfc822":
        yield from _mail(content)


def _strings(value: Any) -> Iterator[str]:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            pending += item
        elif isinstance(item, str):
            yield item


def _mail(content: bytes) -> Iterator[str]:
    """Headers and parts as they read once they are decoded; whatever cannot be, is not."""
    try:
        message = BytesParser(policy=policy.default).parsebytes(content)
        for part in message.walk():
            yield "\n".join(map(str, part.values()))
            if isinstance(payload := part.get_payload(decode=True), bytes):
                yield payload.decode(part.get_content_charset("utf-8"), "replace")
    except (ValueError, LookupError, RecursionError, AttributeError, IndexError, TypeError):
        return  # malformed mail breaks the library's parser in many ways; its bytes were looked at
