"""Passwords of logins, as a device keeps them: its own hash where that is one of ours, else a new one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from netmgr.platforms.passwords import Passwords, looks_like, scheme_of

#: What begins a hash of any scheme.
_MARKED = re.compile(r"\$[0-9a-z]{1,4}\$.")


@dataclass(frozen=True, slots=True)
class Logins:
    """How a platform writes passwords.

    ``place`` takes a whole line with its groups ``before``, in which ``subject`` says whose password it is, ``type``
    (how the password is written, None where nothing says it), ``value`` and ``after``. ``schemes`` are those of
    netmgr/platforms/passwords.py, the best one last, with the platform's word for each; ``older`` are words for others,
    which the first of ``schemes`` takes the place of. ``clear`` are the words before a password in clear. Where
    ``known``, every release knows the best one. Where ``plain``, a hash stands there without a word, whatever it is.
    """

    beginnings: tuple[str, ...]
    place: re.Pattern[str]
    schemes: Mapping[str, str]
    older: frozenset[str] = frozenset()
    clear: frozenset[str] = frozenset({"0"})
    known: bool = False
    plain: bool = False
    quote: str = ""
    """What stands around a hash."""

    def settled(self, text: str, running: str, passwords: Passwords) -> str:
        """``text`` with each password in clear as the device that shows ``running`` keeps it, or would.

        A new hash is of the scheme that the device has for the login, else of the best that it has for any, else of the
        best one: older releases do not know all of them.
        """
        there = {match["subject"]: match for line in running.split("\n") if (match := self._match(line))}
        return "\n".join([self._settled(row, there, passwords) for row in text.split("\n")])

    def _match(self, line: str) -> re.Match[str] | None:
        return self.place.fullmatch(line) if line.startswith(self.beginnings) else None

    def _settled(self, row: str, there: Mapping[str, re.Match[str]], passwords: Passwords) -> str:
        match = self._match(row)
        if match is None or (match["type"] and match["type"] not in self.clear):
            return row
        value, shown = match["value"], there.get(match["subject"])
        if not passwords.knows(value) or (self.plain and _MARKED.match(value)):
            return row
        if (scheme := looks_like(value)) and scheme in self.schemes:
            return self._written(match, scheme, value)
        if shown and (scheme := scheme_of(shown["value"])) and passwords.verified(value, shown["value"]):
            return self._written(match, scheme, shown["value"])
        if not passwords.makes:
            return row
        scheme = list(self.schemes)[-1] if self.known else self._follow(shown, there)
        return self._written(match, scheme, passwords.made(scheme, value, match["subject"]))

    def _follow(self, shown: re.Match[str] | None, there: Mapping[str, re.Match[str]]) -> str:
        """The scheme of a new hash on a device that has these."""
        order, found = list(self.schemes), []
        for match in (shown,) if shown else there.values():
            scheme = scheme_of(match["value"])
            if match["type"] in self.older:
                found.append(0)
            elif scheme in order:
                found.append(order.index(scheme))
        return order[max(found, default=-1)]

    def _written(self, match: re.Match[str], scheme: str, value: str) -> str:
        word = self.schemes[scheme]
        return f"{match['before']}{word}{' ' if word else ''}{self.quote}{value}{self.quote}{match['after']}"
