"""Where secrets stand in IOS configurations, in clear, obfuscated (types 6 and 7) or hashed (types 4, 5, 8, 9).

Source: Cisco IOS Security Command Reference and the command references of the protocols that have keys.
"""

import re

REMOVED = "<removed>"

_TYPE = r"(?: \d)?"
#: What precedes a secret in a line, and what follows it.
_FORMS = (
    rf"(?:username \S+(?: .*)?|enable(?: .*)?|neighbor \S+|ip (?:ftp|http)(?: .*)?) (?:password|secret){_TYPE}",
    rf"(?:password|secret){_TYPE}",
    rf"ip ospf (?:authentication-key|message-digest-key \d+ md5){_TYPE}",
    rf"area \S+ virtual-link .*(?:authentication-key|message-digest-key \d+ md5){_TYPE}",
    rf"ipv6 ospf (?:authentication|encryption) ipsec spi \d+ .*(?:md5|sha1){_TYPE}",
    rf"(?:ospfv3|area) .*ipsec spi \d+ .*(?:md5|sha1){_TYPE}",
    rf"key-string{_TYPE}",
    r"snmp-server community",
    r"snmp-server host \S+(?: vrf \S+)?(?: (?:traps|informs))?(?: version (?:1|2c|3 (?:auth|noauth|priv)))?",
    r"snmp-server user \S+ \S+ v3(?: encrypted)? auth (?:md5|sha)(?= )",
    rf"(?:tacacs-server|radius-server|server-private)(?: .*)? key{_TYPE}",
    rf"(?:key|pac key|server-key|client \S+ server-key){_TYPE}",
    r"ntp authentication-key \d+ md5",
    rf"(?:standby|vrrp|glbp)(?: \d+)? authentication(?: text| md5 key-string{_TYPE})?",
    rf"(?:isis|area|domain)[ -]password{_TYPE}",
    rf"crypto isakmp key{_TYPE}",
    rf"pre-shared-key(?: local| remote)?{_TYPE}",
    rf"ppp (?:chap|pap sent-username \S+) password{_TYPE}",
    rf"wpa-psk (?:ascii|hex){_TYPE}",
    r"ip nhrp authentication",
)
_SECRET = re.compile(
    rf"(?P<before>[-+ ]*(?:no )?(?:{'|'.join(_FORMS)})) (?P<secret>(?!key-chain |mode )\S+)(?P<after>.*)"
)
_WORDS = ("password", "secret", "key", "md5", "community", "authentication", "snmp-server", "wpa-psk")
_PRIVACY = re.compile(r"(.* priv (?:des|3des|aes \d+) )(\S+)(.*)")
#: A key chain's line that names no secret, and others that only look like one.
_NONE = re.compile(
    r"[-+ ]*(?:key chain .*|key \d+|password encryption aes|ip ospf authentication (?:message-digest|null).*"
    r"|crypto key .*|snmp-server (?:enable|group|view|trap|location|contact|chassis|engineID).*)"
)


def split(line: str) -> tuple[str, str, str] | None:
    """What is before a line's secret, the secret, and what follows; None for a line without one."""
    if not any(word in line for word in _WORDS) or _NONE.fullmatch(line):
        return None
    match = _SECRET.fullmatch(line)
    return (f"{match['before']} ", match["secret"], match["after"]) if match else None


def sanitized(text: str) -> str:
    """``text`` with the secret of each line replaced by ``<removed>``; equal lines stay equal."""
    return "\n".join(map(_sanitized, text.split("\n")))


def _sanitized(line: str) -> str:
    parts = split(line)
    if parts is None:
        return line
    before, _, after = parts
    return f"{before}{REMOVED}" + _PRIVACY.sub(rf"\1{REMOVED}\3", after)
