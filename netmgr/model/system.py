"""The device as a host, as data: names, time, logging, SNMP, who may log in.

A server is an address or host name, or a mapping where more is to be said of it.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from netmgr.model.base import Frozen
from netmgr.model.fields import (
    AddressValue,
    Description,
    Host,
    InterfaceName,
    Items,
    Name,
    Port,
    TimeZone,
    UserName,
)
from netmgr.model.names import OneLine, SecretRef

#: RFC 5424's severities.
SyslogLevel = Literal[
    "emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug"
]


def _server(value: object) -> object:
    if not isinstance(value, (str, Mapping, Frozen)):
        raise ValueError("must be text, or a mapping (key: value)")  # noqa: TRY004 - pydantic wants ValueError
    return {"address": value} if isinstance(value, str) else value


class DnsServer(Frozen):
    """A resolver; ``vrf`` is the one that it is reached in."""

    address: AddressValue
    vrf: Name | None = None


NtpKeyId = Annotated[int, Field(ge=1, le=65535)]


class NtpServer(Frozen):
    """A time server; ``key`` is the number of the key that its answers are signed with."""

    address: Host
    vrf: Name | None = None
    prefer: bool = False
    key: NtpKeyId | None = None


class NtpKey(Frozen):
    """A key that time servers sign with (RFC 5905; SHA: RFC 8573 names the reasons)."""

    key: SecretRef
    algorithm: Literal["md5", "sha1", "sha256"] = "md5"


class SyslogServer(Frozen):
    """Where log lines are sent; UDP (RFC 5426) or TCP (RFC 6587)."""

    address: Host
    vrf: Name | None = None
    port: Port | None = None
    protocol: Literal["udp", "tcp"] = "udp"


class Syslog(Frozen):
    """Logging: the level that is logged, and where it is sent. ``files`` of the device and the terminals of ``users``
    (``*``: of all) have levels for each facility.
    """

    level: SyslogLevel | None = None
    files: Mapping[Name, Mapping[Name, SyslogLevel]] = {}
    users: Mapping[UserName | Literal["*"], Mapping[Name, SyslogLevel]] = {}
    servers: Items[
        Annotated[SyslogServer, BeforeValidator(_server, json_schema_input_type=Host | SyslogServer)]
    ] = ()


class SnmpCommunity(Frozen):
    """A further community: who knows it may read, or write as well, from where the access list permits."""

    community: SecretRef
    access: Literal["ro", "rw"] = "ro"
    acl: Name | None = None


class SnmpUser(Frozen):
    """A user of SNMPv3 (RFC 3414, RFC 3826): signed, and encrypted where ``privacy`` is given."""

    auth: Literal["md5", "sha"] = "sha"
    auth_password: SecretRef
    privacy: Literal["des", "aes128"] | None = None
    privacy_password: SecretRef | None = None
    group: Name = "readers"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.privacy is None) != (self.privacy_password is None):
            raise ValueError("privacy and privacy_password belong together; write both or neither")
        return self


class SnmpHost(Frozen):
    """Who is told of events: with a community (SNMPv2c), or as a user (SNMPv3). ``informs`` are acknowledged."""

    address: Host
    community: SecretRef | None = None
    user: Name | None = None
    informs: bool = False
    port: Port | None = None
    vrf: Name | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.community is None) == (self.user is None):
            raise ValueError("write either community (SNMPv2c) or user (SNMPv3)")
        return self


class Snmp(Frozen):
    """SNMP agent. ``community`` may read; all others, with what they may do, are ``communities``, by a name of ours."""

    community: SecretRef | None = None
    location: Description | None = None
    contact: Description | None = None
    communities: Mapping[Name, SnmpCommunity] = {}
    hosts: Items[SnmpHost] = ()
    users: Mapping[UserName, SnmpUser] = {}


AaaMethod = Literal["local", "tacacs+", "radius"]


class AaaServer(Frozen):
    """A server that says who may log in (TACACS+: RFC 8907, RADIUS: RFC 2865)."""

    address: Host
    protocol: Literal["tacacs+", "radius"]
    key: SecretRef
    port: Port | None = None
    vrf: Name | None = None
    timeout: Annotated[int, Field(ge=1, le=1000)] | None = None


class Aaa(Frozen):
    """Who decides on logins, what they may do, and where it is written down: methods in the order of asking."""

    authentication: Items[AaaMethod] = ()
    authorization: Items[AaaMethod] = ()
    accounting: Items[Literal["tacacs+", "radius"]] = ()
    servers: Items[AaaServer] = ()


SshKey = Annotated[OneLine, StringConstraints(min_length=1, max_length=4000)]


class User(Frozen):
    """A login on the device. ``role`` is the platform's word for what it may do, ``privilege`` a number up to 15."""

    password: SecretRef | None = None
    ssh_key: SshKey | None = None
    role: Name | None = None
    privilege: Annotated[int, Field(ge=0, le=15)] | None = None


def _printed(value: str) -> str:
    if not value.replace("\n", "").isprintable():
        raise ValueError("control characters but line breaks are not allowed in a banner; remove them")
    return value


Banner = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_printed)]
Service = Literal["dns", "ntp", "syslog", "snmp", "aaa"]


class System(Frozen):
    """The device as a host. ``banner`` is shown before a login, ``motd`` after it; ``source_interfaces`` are those
    whose addresses the device's own requests come from.
    """

    hostname: Host | None = None
    domain: Host | None = None
    dns: Items[
        Annotated[DnsServer, BeforeValidator(_server, json_schema_input_type=AddressValue | DnsServer)]
    ] = ()
    ntp: Items[Annotated[NtpServer, BeforeValidator(_server, json_schema_input_type=Host | NtpServer)]] = ()
    ntp_keys: Mapping[NtpKeyId, NtpKey] = {}
    syslog: Syslog = Field(default_factory=Syslog)
    snmp: Snmp | None = None
    aaa: Aaa | None = None
    banner: Banner | None = None
    motd: Banner | None = None
    timezone: TimeZone | None = None
    users: Mapping[UserName, User] = {}
    source_interfaces: Mapping[Service, InterfaceName] = {}
