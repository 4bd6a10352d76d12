"""A notification in words: a subject and a text for mail, JSON for webhooks. Data is never a template."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import DictLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from netmgr.document.compiled import CompiledTemplates
from netmgr.model.canonical import canonical
from netmgr.model.client import Client
from netmgr.model.notification import SEVERITIES
from netmgr.model.printable import printable
from netmgr.ports.carrier import Message

LONGEST_SUBJECT: Final = 200
_NOT_ALWAYS: Final = ("device", "devices", "change", "ticket", "since")
NAMES: Final = ("subject.txt.j2", "mail.txt.j2")
_COMPILED: Final = CompiledTemplates()


def message(
    recipient: str, created: datetime, document: bytes, client: Client, templates: Mapping[str, str]
) -> Message:
    """The words for one recipient.

    ``templates`` are files by name; ``mail.zh-CN.txt.j2`` stands in place of ``mail.txt.j2`` for clients of that
    locale.
    Raises ValueError, which names the template and its line, where one cannot be rendered.
    """
    told: dict[str, Any] = json.loads(document)
    if ready := told.get("words"):  # put into words when it was made: whom it is for reads no events
        subject, text = printable(ready["subject"]), printable(ready["text"])
        return _message(recipient, created, told, subject, text)
    zone = ZoneInfo(client.timezone)
    names = client.names
    known = told | {
        "items": [dict.fromkeys(_NOT_ALWAYS) | item for item in told["items"]],
        "name": names.get(client.locale) or next(iter(names.values()), client.id),
        "groups": _groups(told["items"]),
        "clock": lambda time: f"{datetime.fromisoformat(time).astimezone(zone):%Y-%m-%d %H:%M:%S %Z}",
    }
    subject, text = (
        _rendered(_localised(name, client.locale, templates), templates, known) for name in NAMES
    )
    return _message(recipient, created, told, subject, text)


def _message(recipient: str, created: datetime, told: Mapping[str, Any], subject: str, text: str) -> Message:
    return Message(
        id=told["id"],
        recipient=recipient,
        created=created,
        subject=" ".join(subject.split())[:LONGEST_SUBJECT],
        text=text,
        payload=payload(told),
    )


def payload(told: Mapping[str, Any]) -> bytes:
    """What a webhook is sent (Standard Webhooks 1.0), the same bytes at every attempt. ``type`` is the worst event."""
    worst = max(told["items"], key=lambda item: SEVERITIES.index(item["severity"]))
    return canonical({"type": worst["event"], "timestamp": told["time"], "data": dict(told)})


def _groups(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Items alike put together: kind of event, how it ended, what it is about."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for item in items:
        kind = item["event"].partition(".")[0]
        group = found.setdefault(
            (kind, item["outcome"]), {"kind": kind, "outcome": item["outcome"], "names": []}
        )
        group["names"] += [item["device"]] if "device" in item else []
    return list(found.values())


def _localised(name: str, locale: str, templates: Mapping[str, str]) -> str:
    own = name.replace(".", f".{locale}.", 1)
    return own if own in templates else name


def _rendered(name: str, templates: Mapping[str, str], known: Mapping[str, Any]) -> str:
    environment = SandboxedEnvironment(
        loader=DictLoader(dict(templates)),
        bytecode_cache=_COMPILED,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # plain text
        finalize=lambda value: printable(value) if isinstance(value, str) else value,
    )
    try:
        return environment.get_template(name).render(known)
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        line = getattr(error, "lineno", None)
        where = f"{name}:{line}" if line else name
        raise ValueError(f"{where}: {type(error).__name__}: {' '.join(str(error).split())}") from error
