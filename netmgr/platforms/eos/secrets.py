"""Secrets in EOS configuration lines, in clear, hashed or obfuscated, taken out before somebody reads them."""

import re

REMOVED = "<removed>"

#: How EOS says in which form a secret follows; none where it is clear.
_FORM = r"(?:(?:\*|[0-9]|8a|sha512|md5|scrypt) )?"

#: Lines that hold secrets, each in a group; what follows them is kept.
_LINES = (
    rf"username \S+ (?:.* )?secret {_FORM}(\S+)",
    rf"(?:enable (?:password|secret)|aaa root secret|boot secret) {_FORM}(\S+)",
    rf"neighbor \S+ password (?!shared-secret ){_FORM}(\S+)",
    rf"ip ospf authentication-key {_FORM}(\S+)",
    rf"(?:area \S+ (?:.* )?|ip ospf )message-digest-key \d+ \S+ {_FORM}(\S+)",
    rf"(?:.* )?ipsec spi \d+ \S+ (?:passphrase )?{_FORM}(\S+)",
    rf"(?:isis )?authentication key(?:-id \d+ algorithm \S+ key)? {_FORM}(\S+)",
    rf"ntp authentication-key \d+ \S+ {_FORM}(\S+)",
    rf"(?:tacacs-server|radius-server|client)(?: .*)? key {_FORM}(\S+)",
    r"snmp-server community (\S+)",
    r"snmp-server host \S+(?: vrf \S+)?(?: (?:traps|informs))? version (?:1|2c) (\S+)",
    rf"snmp-server user (?:.* )?auth \S+ {_FORM}(\S+)(?: priv \S+ {_FORM}(\S+))?",
    rf"vrrp \d+ (?:peer )?authentication (?:text |ietf-md5 key-string )?{_FORM}(\S+)",
    r"key \S+ (?:0|7|8a) (\S+)",
    rf"secret {_FORM}(\S+)",
    r"exec .*-cvauth=\S+?,([^\s,]+)",
    r"(?:.* )?password (?:0|7|8a|sha512) (\S+)",
    r"([A-Za-z0-9+/]{40,}={0,2})",  # a line of a private key
)

_SECRETS = re.compile(rf"[-+]?\s*(?:no )?(?:{'|'.join(_LINES)})(?= |$)")
_WORDS = re.compile(r"secret|password|key|community|version|auth|passphrase|ipsec|[A-Za-z0-9+/]{40}")


def redacted(text: str) -> str:
    """``text`` with each line's secrets replaced by ``<removed>``; equal lines stay equal."""
    return "\n".join([_hidden(line) if _WORDS.search(line) else line for line in text.split("\n")])


def parts(line: str) -> tuple[str, str, str] | None:
    """(what is before a line's secret, the secret, what follows), None for a line without one.

    Of two secrets in a line it is the second, after which the first is looked for in what is before it.
    """
    match = _SECRETS.match(line) if _WORDS.search(line) else None
    if match is None:
        return None
    number = max(n for n in range(1, len(match.groups()) + 1) if match.start(n) >= 0)
    start, end = match.span(number)
    return line[:start], line[start:end], line[end:]


def _hidden(line: str) -> str:
    match = _SECRETS.match(line)
    if match is None:
        return line
    for number in range(len(match.groups()), 0, -1):
        start, end = match.span(number)
        if start >= 0:
            line = f"{line[:start]}{REMOVED}{line[end:]}"
    return line
