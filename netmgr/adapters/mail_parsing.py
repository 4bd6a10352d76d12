"""A message of RFC 5322 with MIME → what the desk needs of it. Whatever the bytes are, the answer is a value.

Python's parser reads anything, but what it costs is up to whoever wrote the message: so lines, boundaries and header
fields are counted before it is asked. Nothing that is packed is opened.
"""

import codecs
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from typing import Final

from netmgr.adapters.html_text import text_of_html
from netmgr.model.digest import sha256_hex
from netmgr.model.mail import (
    DEEPEST,
    LARGEST,
    LARGEST_ATTACHMENT,
    LARGEST_HEADER,
    LARGEST_TEXT,
    MOST_FIELDS,
    MOST_PARTS,
    Address,
    Attachment,
    Mail,
    Malformed,
)
from netmgr.service.mail import MARKS

_MOST_LINES: Final = 1_000_000
_MOST_BOUNDARIES: Final = 40
#: Bytes of one header field that is taken apart; References may be longer, of them only the newest count.
_LONGEST_FIELD: Final = 8192
#: Bytes of one field that describes a part, and of all of them; what such a field costs grows faster than its length.
_LONGEST_CONTENT: Final = 4096
_LARGEST_CONTENT: Final = 64 * 1024
_MOST_REFERENCES: Final = 50
_LONGEST_SUBJECT: Final = 300

#: Of Python's own, or for names in the DNS: no mail is written in them, and some take long.
_NO_CHARSETS: Final = frozenset({"punycode", "idna", "undefined", "unicode-escape", "raw-unicode-escape"})
_ID: Final = re.compile(r"<[^<>\s\x00-\x1f]{1,990}>")
_FIELD: Final = re.compile(rb"(?m)^[!-9;-~]+[ \t]*:")
_BOUNDARY: Final = re.compile(rb"(?i)boundary[*0-9]{0,8}[ \t]{0,8}=")
_CONTENT: Final = re.compile(rb"(?im)^content-[^\n]*(?:\n[ \t][^\n]*)*")
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')


def read_mail(raw: bytes) -> Mail | Malformed:
    """The message; it is not empty, and not larger than ``LARGEST``."""
    if why := _too_much(raw):
        return Malformed(_digest(raw), why)
    try:
        return _read(raw)
    except _TooMuchError as error:
        return Malformed(_digest(raw), str(error))
    except Exception as error:  # noqa: BLE001 - the email package raises of everything on what is malformed
        return Malformed(_digest(raw), f"it is no mail that can be read ({type(error).__name__})")


class _TooMuchError(Exception):
    pass


def _too_much(raw: bytes) -> str | None:
    """What of the message is more than is read; in time that grows with its size alone."""
    if len(raw) > LARGEST:
        return f"it is larger than {LARGEST} bytes"
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    end = lines.find(b"\n\n", 0, LARGEST_HEADER)
    if end < 0 and len(lines) > LARGEST_HEADER:
        return f"its header does not end within {LARGEST_HEADER} bytes"
    header = lines if end < 0 else lines[:end]
    if b"\0" in header:
        return "its header has a NUL"
    if header.count(b"\n") >= 4 * MOST_FIELDS or len(_FIELD.findall(header)) > MOST_FIELDS:
        return f"it has more than {MOST_FIELDS} header fields"
    if lines.count(b"\n") > _MOST_LINES:
        return f"it has more than {_MOST_LINES} lines"
    if len(_BOUNDARY.findall(lines)) > _MOST_BOUNDARIES:
        return f"its parts are within each other more than {DEEPEST} deep"
    described = [len(match[0]) for match in _CONTENT.finditer(lines)]
    if max(described, default=0) > _LONGEST_CONTENT:
        return f"one of its parts is described in more than {_LONGEST_CONTENT} bytes"
    if len(described) > 10 * MOST_PARTS or sum(described) > _LARGEST_CONTENT:
        return f"it has more than {MOST_PARTS} parts"
    return None


def _read(raw: bytes) -> Mail | Malformed:
    message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(raw)
    if not message.keys():
        return Malformed(_digest(raw), "it has no header")
    fields = _Fields(message)
    plain, html, attachments = _parts(message)
    text = "\n\n".join(filter(None, plain)) or "\n\n".join(filter(None, map(text_of_html, html)))
    if len(text) > LARGEST_TEXT:
        whole = text.encode()
        kept = whole if len(whole) <= LARGEST_ATTACHMENT else None
        attachments.append(Attachment("message.txt", "text/plain", len(whole), kept))
        text = text[:LARGEST_TEXT]
    ids = _ID.findall(fields.raw("message-id"))
    return Mail(
        identity=ids[0] if ids else _digest(raw),
        references=tuple(_references(fields)),
        senders=tuple(fields.addresses("from")),
        subject=" ".join(_text(fields.text("subject")).split())[:_LONGEST_SUBJECT],
        text=text,
        attachments=tuple(attachments),
        marks={name: fields.raw(name)[:200] for name in MARKS if fields.has(name)},
    )


class _Fields:
    """Header fields, the first of each name; none that is too long is taken apart."""

    def __init__(self, message: EmailMessage) -> None:
        self._raw: dict[str, list[str]] = {}
        self._message = message
        for name, value in message.raw_items():
            self._raw.setdefault(name.lower(), []).append(str(value))

    def has(self, name: str) -> bool:
        return name in self._raw

    def raw(self, name: str) -> str:
        return _text(" ".join(self._raw.get(name, [""])[0].split()))

    def text(self, name: str) -> str:
        """With encoded words (RFC 2047) decoded."""
        return str(self._message[name]) if self._short(name) and self.has(name) else self.raw(name)

    def addresses(self, name: str) -> Iterator[Address]:
        if not self._short(name):
            raise _TooMuchError(f"its {name.title()} is longer than {_LONGEST_FIELD} bytes")
        for field in self._message.get_all(name, []):
            for one in field.addresses:
                if one.username and one.domain:
                    yield Address(" ".join(_text(one.display_name).split())[:200], _text(one.addr_spec)[:320])

    def _short(self, name: str) -> bool:
        return all(len(value) <= _LONGEST_FIELD for value in self._raw.get(name, []))


def _references(fields: _Fields) -> Iterator[str]:
    """What it answers, the nearest first: In-Reply-To, then References from its end (RFC 5322, section 3.6.4)."""
    nearest = _ID.findall(fields.raw("in-reply-to"))[:_MOST_REFERENCES]
    older = _ID.findall(fields.raw("references"))[-_MOST_REFERENCES:]
    yield from dict.fromkeys((*nearest, *reversed(older)))


def _parts(message: EmailMessage) -> tuple[list[str], list[str], list[Attachment]]:
    """The texts that are shown, as plain text and as HTML, and everything else."""
    plain: list[str] = []
    html: list[str] = []
    attachments: list[Attachment] = []
    for count, (part, chosen) in enumerate(_leaves(message, 0), 1):
        if count > MOST_PARTS:
            raise _TooMuchError(f"it has more than {MOST_PARTS} parts")
        kind, name = part.get_content_type(), part.get_filename()
        shown = name is None and part.get_content_disposition() != "attachment"
        if shown and kind == "text/plain":
            plain.append(_shown(part))
        elif shown and kind == "text/html" and (chosen or not plain):
            html.append(_shown(part))
        else:
            attachments.append(_attachment(part, kind, name, len(attachments) + 1))
    return plain, html, attachments


def _leaves(part: Message, depth: int) -> Iterator[tuple[Message, bool]]:
    """Parts without parts, each with whether it is one of several forms of the same. What is forwarded stays whole."""
    if depth > DEEPEST:
        raise _TooMuchError(f"its parts are within each other more than {DEEPEST} deep")
    children = part.get_payload()
    if part.get_content_maintype() != "multipart" or not isinstance(children, list):
        yield part, False
        return
    alternative = part.get_content_subtype() == "alternative"
    for child in children:
        if isinstance(child, Message):
            yield from ((leaf, alternative or chosen) for leaf, chosen in _leaves(child, depth + 1))


def _shown(part: Message) -> str:
    content = _content(part)
    charset = str(part.get_param("charset", "utf-8"))
    for name in (charset, "utf-8", "latin-1"):
        try:
            if codecs.lookup(name).name not in _NO_CHARSETS:
                return _text(content.decode(name)).strip("\n")
        except (LookupError, ValueError):  # no such character set, or not in it
            continue
    raise AssertionError("latin-1 takes every byte")


def _content(part: Message) -> bytes:
    """The bytes, without their transfer encoding; those of a message within the message are itself."""
    if part.is_multipart():
        inner = part.get_payload()
        return b"".join(one.as_bytes(policy=policy.compat32) for one in inner if isinstance(one, Message))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _attachment(part: Message, kind: str, name: str | None, number: int) -> Attachment:
    content = _content(part)
    safe = kind if _MEDIA_TYPE.fullmatch(kind) else "application/octet-stream"
    kept = content if len(content) <= LARGEST_ATTACHMENT else None
    return Attachment(_safe_name(name, number), safe, len(content), kept)


def _safe_name(name: str | None, number: int) -> str:
    """A file's name without path, marks that turn the direction of text, or a begin that hides it."""
    last = re.split(r"[/\\]", name or "")[-1]
    safe = " ".join(_UNSAFE.sub("_", last).split()).strip(". -")
    return safe[-120:] or f"attachment-{number}"


def _text(value: str) -> str:
    """Without line ends of two bytes, NULs and halves of characters."""
    unified = value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return unified.encode("utf-8", "replace").decode("utf-8")


def _digest(raw: bytes) -> str:
    """What stands for the message where it has no id: without the fields that each delivery adds."""
    header, gap, body = raw.partition(b"\n\n")
    if not gap:
        header, gap, body = raw.partition(b"\r\n\r\n")
    said = re.findall(rb"(?im)^(?:from|date|subject|to):.*$", header[:LARGEST_HEADER])
    return f"sha256:{sha256_hex(b''.join(line.strip() + bytes(1) for line in said) + body)}"
