"""Linux hosts: looked after, never rendered; playbooks configure them."""

from netmgr.platforms.form import PlatformForm, ReadCommand

_ON_THE_HOST = (
    *("interfaces", "ipv6", "mtu", "static_routes", "dns", "ntp", "syslog_level", "syslog_servers"),
    *("hostname", "domain", "timezone", "users", "user_ssh_keys", "user_roles", "snmp", "snmp_communities"),
    *(
        "snmp_hosts",
        "snmp_users",
        "banner",
        "motd",
        "aaa",
        "aaa_authorization",
        "ntp_keys",
        "syslog_transport",
        "forwarding",
    ),
)

#: Each takes these words and no others: `ip` and `ss` can do more than show.
_READS = (
    ReadCommand(
        "ip [-4|-6|-br|-s|-j] addr|link|route|neigh [show [dev NAME]]",
        r"ip(?: (?:-4|-6|-br|-s|-j))* (?:address|addr|link|route|neigh)(?: show(?: (?:dev )?[A-Za-z0-9._@-]{1,32})?)?",
    ),
    ReadCommand("ss -tln|-uln|-tan|-s", r"ss (?:-tln|-uln|-tan|-s)"),
    ReadCommand("uptime", r"uptime"),
    ReadCommand("uname -a", r"uname -a"),
    ReadCommand("hostname", r"hostname"),
    ReadCommand("df -h", r"df -h"),
    ReadCommand("free -m", r"free -m"),
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
    reads=_READS,
)
