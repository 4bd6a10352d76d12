"""Passwords of logins (``secret``) as this device keeps them: its own hash where it is one of ours, else a new one.

The types are those of netmgr/platforms/passwords.py. IOS takes each as it shows it, with its type before it.
"""

import re

from netmgr.platforms.passwords import Passwords, scheme_of

_PLACE = re.compile(
    r"(?P<before>(?P<subject>username \S+)(?: .*?)? secret |(?P<enable>enable secret (?:level \d+ )?))"
    r"(?:(?P<type>[04589]) )?(?P<value>\S.*)"
)
_SCHEMES = {"5": "md5", "8": "pbkdf2", "9": "scrypt"}
_TYPES = {scheme: kind for kind, scheme in _SCHEMES.items()}


def settled(text: str, running: str, passwords: Passwords) -> str:
    """``text`` with each password in clear as the device that shows ``running`` keeps it, or would.

    A new hash is of the type that the device has for the login, else the best that it has for any, else 9: older
    releases know only 5 (or 4, which is 5's weaker successor and never made).
    """
    there = {_subject(match): match for line in running.splitlines() if (match := _match(line))}
    rows = [_settled(row, there, passwords) for row in text.split("\n")]
    return "\n".join(rows)


def _match(line: str) -> re.Match[str] | None:
    return _PLACE.fullmatch(line) if line.startswith(("username ", "enable ")) else None


def _subject(match: re.Match[str]) -> str:
    return match["subject"] or match["enable"]


def _settled(row: str, there: dict[str, re.Match[str]], passwords: Passwords) -> str:
    match = _match(row)
    if match is None or match["type"] not in (None, "0") or not passwords.knows(match["value"]):
        return row
    clear, shown = match["value"], there.get(_subject(match))
    if kind := _TYPES.get(scheme_of(clear) or ""):  # the secret is a hash
        return f"{match['before']}{kind} {clear}"
    if shown and shown["type"] in _SCHEMES and passwords.verified(clear, shown["value"]):
        return f"{match['before']}{shown['type']} {shown['value']}"
    kinds = [shown["type"]] if shown and shown["type"] else [each["type"] or "0" for each in there.values()]
    best = max((kind for kind in kinds if kind in ("4", *_SCHEMES)), default="9")
    kind = "5" if best == "4" else best
    return f"{match['before']}{kind} {passwords.made(_SCHEMES[kind], clear, _subject(match))}"
