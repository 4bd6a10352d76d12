"""Passwords of logins on EOS: ``secret``, with the form of the hash before it.

Source: EOS User Manual, "username" and "enable password": 0 is in clear, 5 MD5, sha512 what EOS makes by itself.
"""

import re

from netmgr.platforms.logins import Logins

_ENABLE = "enable (?:password|secret) "
LOGINS = Logins(
    beginnings=("username ", "enable "),
    place=re.compile(
        rf"(?P<before>(?=(?P<subject>username \S+|enable))(?:username \S+(?: .*?)? secret |{_ENABLE}))"
        r"(?:(?P<type>0|5|sha512) )?(?P<value>(?!\*)\S+)(?P<after>)"
    ),
    schemes={"md5": "5", "sha512": "sha512"},
    known=True,
)
