"""Secrets in Junos' configuration: hidden before somebody reads them, and read where Junos only disguises them.

Junos stores most shared secrets as ``$9$…``: the secret under a permutation with random salt, which hides it from a
glance and from nobody else (Junos OS CLI User Guide, "obfuscated passwords"; the permutation is published in CPAN's
Crypt::Juniper and others). Passwords of users are hashes (crypt(3): ``$1$``, ``$5$``, ``$6$``), which cannot be read.
"""

import re

REMOVED = "<removed>"

_WORD = r'(?:"(?:[^"\\]|\\.)*"|[^\s";{}\[\]]+)'
#: Statements whose value is a secret.
_NAMES = (
    *(
        "encrypted-password",
        "plain-text-password-value",
        "secret",
        "simple-password",
        "password",
        "ascii-text",
    ),
    *("hexadecimal", "authentication-password", "privacy-password", "privacy-key", "community-name", "cak"),
    *("chap-secret", "pap-password", "local-password", "default-chap-secret", "default-pap-password"),
    *("passphrase", "shared-secret", "pre-shared-secret", "auth-key", "ipsec-key"),
)
_SECRETS = re.compile(
    rf"(?P<before>(?<![\w-])(?:(?:{'|'.join(_NAMES)})"
    # Of NTP's and of key chains the key's number stands first; a session's key stands there itself.
    r"|authentication-key(?!\s+\d+\s+(?:type|value)\b)|authentication-key\s+\d+(?:\s+type\s+\S+)?\s+value|md5\s+\d+\s+key"
    r"|message-digest-key\s+\d+"
    # SNMP: who knows the name of a community may read, and traps carry their group's name as community.
    r"|snmp\s+community|snmp\s+trap-group|^\s+community(?=\s+[^\s;{]+\s*\{)|^\s+trap-group)\s+"
    rf")(?P<secret>(?!\{{|;){_WORD})"
    # Whatever looks like one, wherever it stands.
    rf'|"?\$[0-9a-z]{{1,4}}\$[^\s";]+"?|"-----BEGIN [^"]*PRIVATE[^"]*"',
    re.MULTILINE,
)
_DISGUISED = re.compile(r"\$9\$[A-Za-z0-9./-]{4,}")


def redacted(text: str) -> str:
    """``text``, a configuration in either form, with ``<removed>`` for each secret; equal lines stay equal."""
    return "\n".join([_without(line) if _may_hold_one(line) else line for line in text.split("\n")])


def _may_hold_one(line: str) -> bool:
    """Whether a line holds a part of some pattern: most hold none, and are not worth trying every pattern on."""
    return any(
        part in line for part in ("pass", "sec", "key", "comm", "$", "trap", "cak", "hexa", "ascii", "PRIV")
    )


def _without(line: str) -> str:
    return _SECRETS.sub(lambda match: f"{match['before'] or ''}{REMOVED}", line)


_FAMILIES = ("QzF3n6/9CAtpu0O", "B1IREhcSyrleKvMW8LXx", "7N-dVbwsY2g4oaJZGUDj", "iHkq.mPf5T")
#: How many characters of salt follow a first character.
_SALT = {letter: 3 - family for family, letters in enumerate(_FAMILIES) for letter in letters}
_LETTERS = "".join(_FAMILIES)
_PLACE = {letter: place for place, letter in enumerate(_LETTERS)}
_WEIGHTS = ((1, 4, 32), (1, 16, 32), (1, 8, 32), (1, 64), (1, 32), (1, 4, 16, 128), (1, 32, 64))


def disguised(word: str) -> bool:
    """Whether a word is a secret under Junos' permutation."""
    return _DISGUISED.fullmatch(word) is not None


def read(word: str) -> str:
    """The secret that ``$9$…`` stands for; a word that is none, or holds what no command can, as it is."""
    if not disguised(word):
        return word
    rest = word[3:]
    last, at = rest[0], 1 + _SALT[rest[0]]
    found = ""
    while at < len(rest):
        weights = _WEIGHTS[len(found) % len(_WEIGHTS)]
        letters = rest[at : at + len(weights)]
        if len(letters) < len(weights):
            return word
        value = 0
        for letter, weight in zip(letters, weights, strict=True):
            value += ((_PLACE[letter] - _PLACE[last]) % len(_LETTERS) - 1) * weight
            last = letter
        found += chr(value % 256)
        at += len(weights)
    return found if re.fullmatch(r"[ !#-\[\]-~]+", found) else word


def split(line: str) -> tuple[str, str, str] | None:
    """A command as what stands before its secret, the secret without quotes, and what follows; None without one."""
    match = _SECRETS.search(line) if _may_hold_one(line) else None
    if match is None:
        return None
    start, end = match.span("secret") if match["secret"] is not None else match.span()
    return line[:start], line[start:end].strip('"'), line[end:]
