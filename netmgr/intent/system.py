"""The device as a host: from data to intent."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address

from netmgr.intent.wiring import Wired
from netmgr.model.ordering import natural
from netmgr.model.system import Service, Snmp, SyslogLevel
from netmgr.model.system_intent import (
    NtpKeyIntent,
    SnmpCommunityIntent,
    SnmpGroupIntent,
    SnmpIntent,
    SnmpUserIntent,
    SourceIntent,
    SourcesIntent,
    SyslogTargetIntent,
    SystemIntent,
    UserIntent,
)


def system_intent(one: Wired, loopback: str | None) -> SystemIntent:
    """The device's ``system``. ``loopback`` is the platform's name of the loopback interface."""
    data = one.device.data.system
    sources: dict[Service, SourceIntent] = {
        service: _source(one, name, loopback) for service, name in data.source_interfaces.items()
    }
    return SystemIntent(
        hostname=data.hostname or one.device.name,
        domain=data.domain,
        dns=data.dns,
        ntp=data.ntp,
        ntp_keys=tuple(
            NtpKeyIntent(id=number, **key.model_dump()) for number, key in sorted(data.ntp_keys.items())
        ),
        syslog_level=data.syslog.level,
        syslog_servers=data.syslog.servers,
        syslog_files=_targets(data.syslog.files),
        syslog_users=_targets(data.syslog.users),
        snmp=_snmp(data.snmp) if data.snmp else None,
        aaa=data.aaa,
        banner=_text(data.banner),
        motd=_text(data.motd),
        timezone=data.timezone,
        users=tuple(
            UserIntent(name=name, **user.model_dump())
            for name, user in sorted(data.users.items(), key=lambda item: natural(item[0]))
        ),
        sources=SourcesIntent(**sources),
    )


def _targets(levels: Mapping[str, Mapping[str, SyslogLevel]]) -> tuple[SyslogTargetIntent, ...]:
    return tuple(
        SyslogTargetIntent(name=name, levels=tuple(sorted(said.items())))
        for name, said in sorted(levels.items())
    )


def _text(banner: str | None) -> str | None:
    return banner.strip("\n") if banner and banner.strip("\n") else None


def _snmp(data: Snmp) -> SnmpIntent:
    users = sorted(data.users.items(), key=lambda item: natural(item[0]))
    groups: dict[str, bool] = {}
    for _, user in users:
        groups[user.group] = groups.get(user.group, True) and user.privacy is not None
    first = (SnmpCommunityIntent(community=data.community),) if data.community else ()
    others = sorted(data.communities.items(), key=lambda item: natural(item[0]))
    return SnmpIntent(
        location=data.location,
        contact=data.contact,
        communities=(
            *first,
            *(SnmpCommunityIntent(name=name, **other.model_dump()) for name, other in others),
        ),
        hosts=data.hosts,
        groups=tuple(
            SnmpGroupIntent(name=name, privacy=groups[name]) for name in sorted(groups, key=natural)
        ),
        users=tuple(SnmpUserIntent(name=name, **user.model_dump()) for name, user in users),
    )


def _source(one: Wired, name: str, loopback: str | None) -> SourceIntent:
    own = one.device.data.loopback if name == loopback else ()
    ipv4 = (*(a for a in own if isinstance(a, IPv4Address)), *(a.ip for a in one.ipv4(name)))
    ipv6 = (*(a for a in own if isinstance(a, IPv6Address)), *(a.ip for a in one.ipv6(name)))
    return SourceIntent(
        interface=name,
        ipv4=next(iter(ipv4), None),
        ipv6=next(iter(ipv6), None),
        vrf=one.settings(name).vrf,
    )
