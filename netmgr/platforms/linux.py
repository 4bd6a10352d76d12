"""Linux hosts: looked after, never rendered; playbooks configure them."""

from netmgr.platforms.form import PlatformForm

LINUX = PlatformForm(
    name="linux",
    driver=None,
    loopback=None,
    features={
        name: "host"
        for name in (
            "interfaces",
            "ipv6",
            "mtu",
            "static_routes",
            "dns",
            "ntp",
            "syslog_level",
            "syslog_servers",
        )
    }
    | {name: "host" for name in ("domain", "timezone", "users", "snmp", "banner")},
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
