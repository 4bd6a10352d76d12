"""Linux hosts: looked after, never rendered; playbooks configure them."""

from netmgr.platforms.form import PlatformForm

_ON_THE_HOST = (
    *("interfaces", "ipv6", "mtu", "static_routes", "dns", "ntp", "syslog_level", "syslog_servers"),
    *("domain", "timezone", "users", "snmp", "banner"),
)

LINUX = PlatformForm(
    name="linux",
    driver=None,
    loopback=None,
    features=dict.fromkeys(_ON_THE_HOST, "host"),
    replace=False,
    merge=False,
    commit_confirm=None,
    commit_message=False,
    fenced=False,
    canonical=lambda text: text,
    redact=lambda text: text,
    is_empty=lambda text: not text,
    configured=lambda _: frozenset(),
)
