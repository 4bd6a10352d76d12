"""Passwords of logins on Junos: ``encrypted-password``, a hash as crypt(3) makes it.

Source: Junos OS User Access and Authentication Guide, "encrypted-password" and "format (Login)".
"""

import re

from netmgr.platforms.logins import Logins

LOGINS = Logins(
    beginnings=("set system root-authentication encrypted-password ", "set system login user "),
    place=re.compile(
        r"(?P<before>(?P<subject>set system (?:root-authentication|login user \S+ authentication)) encrypted-password )"
        r"(?P<type>(?!))?\"?(?P<value>.+?)\"?(?P<after>)"
    ),
    schemes={"md5": "", "sha256": "", "sha512": ""},
    plain=True,
    quote='"',
)
