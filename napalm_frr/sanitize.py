"""Secrets in FRR configuration lines, taken out before somebody reads them."""

from __future__ import annotations

import re

REMOVED = "<removed>"

# What precedes a secret, in configurations and in diffs of them; the secret is the rest of the line.
_SECRETS = re.compile(
    r"^(?P<before>[-+]?\s*(?:no\s+)?(?:"
    r"neighbor \S+ password"
    r"|(?:enable |username \S+ )?password(?: 8)?"
    r"|ip ospf authentication-key"
    r"|ip ospf message-digest-key \d+ md5"
    r"|(?:ipv6 )?ospf6 authentication key-id \d+ hash-algo \S+ key"
    r"|area \S+ virtual-link \S+(?: .*)? (?:authentication-key|message-digest-key \d+ md5)"
    r"|key-string"
    r"|ip rip authentication string"
    r"|(?:area|domain)-password (?:md5|clear)"
    r"|(?:isis|openfabric) password (?:md5|clear)"
    r"|neighbor \S+ tcp-md5|tcp-md5-auth|authentication"
    r"|ip nhrp authentication"
    r"|ip msdp peer \S+ password"
    r"|(?:tacacs|radius)-server\b.*? key(?: \d)?"
    r"|snmp-server community"
    r"|ssh-(?:private-)?key"
    r")) (?P<secret>\S.*)$",
    re.MULTILINE,
)


def sanitized(text: str) -> str:
    """``text`` with the secret of each line replaced by ``<removed>``; equal lines stay equal."""
    return "\n".join([_without_secret(line) if _may_hold_one(line) else line for line in text.split("\n")])


def split(line: str) -> tuple[str, str] | None:
    """A configuration line up to its secret, and the secret; None for a line without one."""
    match = _SECRETS.match(line) if _may_hold_one(line) else None
    return (f"{match['before']} ", match["secret"]) if match else None


def _may_hold_one(line: str) -> bool:
    """Whether a line holds a word of some pattern: what most lines do not is not worth trying every pattern on."""
    return "pass" in line or "key" in line or "auth" in line or "md5" in line or "community" in line


def _without_secret(line: str) -> str:
    return _SECRETS.sub(lambda match: f"{match['before']} {REMOVED}", line)
