"""The device as a host, as it shall be: data with names and sources resolved. Secrets stand as references."""

from ipaddress import IPv4Address, IPv6Address

from netmgr.model.base import Frozen
from netmgr.model.system import (
    Aaa,
    DnsServer,
    NtpKey,
    NtpServer,
    SnmpCommunity,
    SnmpHost,
    SnmpUser,
    SyslogLevel,
    SyslogServer,
    User,
)


class SourceIntent(Frozen):
    """Where the device's own requests come from: an interface, its first address of each family, its VRF."""

    interface: str
    ipv4: IPv4Address | None = None
    ipv6: IPv6Address | None = None
    vrf: str | None = None


class SourcesIntent(Frozen):
    """The sources of what the device asks; None where the way to the server decides."""

    dns: SourceIntent | None = None
    ntp: SourceIntent | None = None
    syslog: SourceIntent | None = None
    snmp: SourceIntent | None = None
    aaa: SourceIntent | None = None


class NtpKeyIntent(NtpKey):
    """A key of time servers, by its number."""

    id: int


class SnmpCommunityIntent(SnmpCommunity):
    """A community by its name in the inventory, which no device sees; None for the one that may read."""

    name: str | None = None


class SnmpUserIntent(SnmpUser):
    """A user of SNMPv3 by name."""

    name: str


class SnmpGroupIntent(Frozen):
    """A group of users; ``privacy``: all of them encrypt, so that the group need take nothing less."""

    name: str
    privacy: bool


class SnmpIntent(Frozen):
    """SNMP agent. ``communities`` begins with the one that may read; users and groups are in the order of names."""

    location: str | None = None
    contact: str | None = None
    communities: tuple[SnmpCommunityIntent, ...] = ()
    hosts: tuple[SnmpHost, ...] = ()
    groups: tuple[SnmpGroupIntent, ...] = ()
    users: tuple[SnmpUserIntent, ...] = ()


class UserIntent(User):
    """A login by name."""

    name: str


class SyslogTargetIntent(Frozen):
    """A file or a user's terminals, and what is logged there: (facility, level), by facility."""

    name: str
    levels: tuple[tuple[str, SyslogLevel], ...]


class SystemIntent(Frozen):
    """The device as a host. Servers are in the inventory's order, keys, communities and users by number or name.

    ``banner`` and ``motd`` may hold several lines, without a line break at the end.
    """

    hostname: str = ""
    domain: str | None = None
    dns: tuple[DnsServer, ...] = ()
    ntp: tuple[NtpServer, ...] = ()
    ntp_keys: tuple[NtpKeyIntent, ...] = ()
    syslog_level: SyslogLevel | None = None
    syslog_servers: tuple[SyslogServer, ...] = ()
    syslog_files: tuple[SyslogTargetIntent, ...] = ()
    syslog_users: tuple[SyslogTargetIntent, ...] = ()
    snmp: SnmpIntent | None = None
    aaa: Aaa | None = None
    banner: str | None = None
    motd: str | None = None
    timezone: str | None = None
    users: tuple[UserIntent, ...] = ()
    sources: SourcesIntent = SourcesIntent()
