"""From one EOS configuration to another by what differs, in a configuration session: only its end counts."""

from netmgr.platforms.cli_tree import read
from netmgr.platforms.eos.canonical import script
from netmgr.platforms.eos.dialect import DIALECT
from netmgr.platforms.form import Remediation
from netmgr.platforms.remediation import Undoing, remedy

_UNDOING = Undoing(
    single=(
        ("router bgp ", r"neighbor (\S+) (remote-as|peer group) "),
        ("router bgp ", "vrf ", r"neighbor (\S+) (remote-as|peer group) "),
    ),
    objects=(
        (r"username \S+ ",),
        (r"ntp authentication-key \d+ ",),
        ("router bgp ", r"neighbor \S+ "),
        ("router bgp ", r"vrf ", r"neighbor \S+ "),
    ),
    # What a group says of its members holds again where a member says nothing; `no` would say that it does not.
    defaults=tuple(
        ("router bgp ", *inside, r"neighbor \S+ (?!peer group|remote-as)")
        for inside in ((), (r"vrf ",), (r"address-family ",), (r"vrf ", r"address-family "))
    ),
    lists=r"(?:ip community-list(?: regexp)?|ip as-path access-list|ip extcommunity-list) \S+ "
    r"|ip name-server(?: vrf \S+)? ",
    resets=((("interface ", r"vrf |no switchport"), r"ip(?:v6)? address "),),
    used=r"(?:ip|ipv6) (?:access-list|prefix-list)|ip (?:community-list|as-path)|route-map|vrf instance|vlan|interface",
    fixed=r"interface (?:Ethernet|Management)[0-9/]+",
)


def remediation(running: str, target: str) -> Remediation:
    """See ``PlatformForm.remediation``."""
    return Remediation(script(remedy(read(running, DIALECT), read(target, DIALECT), _UNDOING)))
