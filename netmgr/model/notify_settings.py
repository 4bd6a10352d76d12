"""config/notify.yaml: by which ways people are told, and who is told of what."""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import AfterValidator, Field, JsonValue, WithJsonSchema, model_validator

from netmgr.model.base import Frozen
from netmgr.model.client import ContactRole, FileName
from netmgr.model.fields import Email, Host, Items, NetworkValue, OneOrMore, Port, Text, at_least_one, shown
from netmgr.model.names import SECRET_REFERENCE, Identifier, SecretRef, Target
from netmgr.model.notification import SEVERITIES, Event, Severity
from netmgr.model.people import EVERY_CLIENT, ClientOrEvery

Security = Literal["starttls", "tls", "none"]
_PORTS: Final[Mapping[Security, int]] = {"starttls": 587, "tls": 465, "none": 25}


class MailServer(Frozen):
    """The mail server (RFC 5321) that messages are handed to.

    ``starttls`` begins in clear and is not used unless it becomes encrypted, ``tls`` is encrypted from the start (RFC
    8314); certificates are verified. ``none`` is for a server on this machine alone.
    """

    server: Host
    port: Port | None = None
    security: Security = "starttls"
    ca: FileName | None = None
    """Certificates of authorities (PEM) that are trusted in place of the system's."""
    user: Text | None = None
    password: SecretRef | None = None
    from_: Email = Field(alias="from")
    """The sender, which answers and bounces go to."""

    @property
    def at_port(self) -> int:
        """The port said, or the usual one."""
        return self.port or _PORTS[self.security]

    @model_validator(mode="after")
    def _login(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password belong together; write both, or neither")
        if self.user and self.security == "none":
            raise ValueError("a password is not sent in clear; write security: starttls or tls")
        return self


_URL = re.compile(
    r"https://(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::[1-9][0-9]{0,4})?"
    r"(?:/[!-~]*)?"
)
_LOCAL_URL = re.compile(r"http://(?:localhost|127\.0\.0\.1|\[::1\])(?::[1-9][0-9]{0,4})?(?:/[!-~]*)?")


def web_address(value: str) -> str:
    """An https URL without a login in it, or http to this machine. Raises ValueError, which does not show it."""
    if not (_URL.fullmatch(value) or _LOCAL_URL.fullmatch(value)) or "#" in value:
        # Not shown: such addresses often hold a token.
        raise ValueError(
            "is not an https:// address without login; write it like https://hooks.example/netmgr"
        )
    return value


def _url(value: str) -> str:
    return value if SECRET_REFERENCE.fullmatch(value) else web_address(value)


def signing_secret(value: str) -> bytes:
    """The key that ``whsec_BASE64`` stands for: 24 to 64 bytes (Standard Webhooks). Raises ValueError."""
    try:
        key = base64.b64decode(value.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not 24 <= len(key) <= 64:
        raise ValueError("the secret is not whsec_ and the base64 of 24 to 64 random bytes")
    return key


class Webhook(Frozen):
    """Where a message is posted as JSON, signed (Standard Webhooks 1.0). The URL may be a secret's reference."""

    url: Annotated[
        Text, AfterValidator(_url), WithJsonSchema({"type": "string", "pattern": "^(?:https?|secret)://"})
    ]
    secret: SecretRef
    ca: FileName | None = None
    """Certificates of authorities (PEM) that are trusted in place of the system's."""


class Notifier(Frozen):
    """A way to tell people that another package brings: ``kind`` is its name, ``options`` are its own.

    ``secret`` refers to the one secret that it gets.
    """

    kind: Identifier
    secret: SecretRef | None = None
    options: Mapping[str, JsonValue] = {}


_TO = re.compile(r"mail:(?P<mail>\S+)|role:(?P<role>[a-z]+)|(?:webhook|notifier):[a-z0-9]+(?:-[a-z0-9]+)*")


def _to(value: str) -> str:
    match = _TO.fullmatch(value)
    role = match["role"] if match else None
    if match is None or (role and role not in get_args(ContactRole)):
        roles = ", ".join(get_args(ContactRole))
        raise ValueError(
            f"{shown(value)} is nobody; write mail:ADDRESS, webhook:NAME, notifier:NAME, "
            f"or role:ROLE with one of {roles}"
        )
    if match["mail"]:
        _Address(email=match["mail"])
    return value


class _Address(Frozen):
    email: Email


Recipient = Annotated[
    Text,
    AfterValidator(_to),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^(?:mail:\S+|role:(?:{'|'.join(get_args(ContactRole))})|(?:webhook|notifier):[a-z0-9-]+)$",
        }
    ),
]
_EVENT = re.compile(r"[a-z0-9_*?-]+(?:\.[a-z0-9_*?-]+)?")


def _event(value: str) -> str:
    if not _EVENT.fullmatch(value):
        raise ValueError(
            f'{shown(value)} is no event; write KIND.OUTCOME, such as "audit.drifted" or "change.*"'
        )
    return value


EventGlob = Annotated[Text, AfterValidator(_event)]


class Rule(Frozen):
    """Who is told of what: every event that fits ``events`` and is at least as bad as ``severity``.

    ``role:`` means the contacts of the event's own client that have the role and a mail address.
    """

    to: Annotated[OneOrMore[Recipient], AfterValidator(at_least_one)]
    events: Annotated[OneOrMore[EventGlob], AfterValidator(at_least_one)] = ("*",)
    severity: Severity = "warning"
    clients: Annotated[OneOrMore[ClientOrEvery], AfterValidator(at_least_one)] = (EVERY_CLIENT,)
    targets: Annotated[OneOrMore[Target], AfterValidator(at_least_one)] = ("network",)

    def is_for(self, client: str) -> bool:
        """Whether the client's events are told by this rule."""
        return client in self.clients or EVERY_CLIENT in self.clients

    def fits(self, event: Event) -> bool:
        """Whether the event is one to tell of."""
        named = any(
            fnmatchcase(event.name, glob if "." in glob or "*" in glob else f"{glob}.*")
            for glob in self.events
        )
        bad_enough = SEVERITIES.index(event.severity) >= SEVERITIES.index(self.severity)
        return named and bad_enough and event.target in self.targets


class NotifySettings(Frozen):
    """The whole file. Without rules nobody is told anything.

    ``allow`` names the networks of addresses that are not public and may be contacted nevertheless. A problem that
    lasts is told again after ``remind_hours`` (0: never); sending is given up after ``give_up_hours``; what lies
    further back than ``max_age_hours`` is not told any more; what was settled is kept for ``keep_days``.
    """

    mail: MailServer | None = None
    webhooks: Mapping[Identifier, Webhook] = {}
    notifiers: Mapping[Identifier, Notifier] = {}
    allow: Items[NetworkValue] = ()
    rules: Items[Rule] = ()
    remind_hours: int = Field(default=24, ge=0, le=8_760)
    give_up_hours: int = Field(default=72, ge=1, le=720)
    max_age_hours: int = Field(default=168, ge=1, le=8_760)
    keep_days: int = Field(default=90, ge=1, le=3_650)

    @model_validator(mode="after")
    def _ways(self) -> Self:
        for rule in self.rules:
            for each in rule.to:
                way, _, name = each.partition(":")
                for word, named in (("webhook", self.webhooks), ("notifier", self.notifiers)):
                    if way == word and name not in named:
                        raise ValueError(f"rules: no {word} {shown(name)} under {word}s; write it there")
                if way in ("mail", "role") and self.mail is None:
                    raise ValueError(f"rules: {each} is told by mail; write mail: with a server and a sender")
        return self

    def of(self, client: str) -> tuple[Rule, ...]:
        """The rules for a client's events."""
        return tuple(rule for rule in self.rules if rule.is_for(client))


def words(rules: Iterable[Rule]) -> tuple[str, ...]:
    """Everybody whom some rules name, as they name them, each once."""
    return tuple(dict.fromkeys(each for rule in rules for each in rule.to))
