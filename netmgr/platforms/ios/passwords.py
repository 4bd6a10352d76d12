"""Passwords of logins on IOS: ``secret``, with the type of the hash before it.

Source: Cisco IOS Security Command Reference, "username" and "enable secret".
"""

import re

from netmgr.platforms.logins import Logins

_ENABLE = r"enable secret (?:level \d+ )?"
LOGINS = Logins(
    beginnings=("username ", "enable secret "),
    place=re.compile(
        rf"(?P<before>(?=(?P<subject>username \S+|{_ENABLE}))(?:username \S+(?: .*?)? secret |{_ENABLE}))"
        r"(?:(?P<type>[04589]) )?(?P<value>\S.*)(?P<after>)"
    ),
    schemes={"md5": "5", "pbkdf2": "8", "scrypt": "9"},
    # Type 4 was meant to be better than 5 and is worse; releases that have it know neither 8 nor 9.
    older=frozenset({"4"}),
)
