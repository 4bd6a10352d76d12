"""The kinds of values that an inventory holds: addresses, names, ranges, dates. Each says what it wants."""

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
)
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from netmgr.model.addresses import Address, InterfaceAddress, Network, interface_address
from netmgr.model.addresses import address as address_of
from netmgr.model.addresses import network as network_of
from netmgr.model.names import OneLine

T = TypeVar("T")


#: A YAML list becomes a tuple.
Items = Annotated[tuple[T, ...], Strict(strict=False)]

#: Says what an id (``names.Identifier``) must be.
ID_FORM = "write lower-case letters and digits with single hyphens, at most 63"

_LENGTH = re.compile(r"[^/%]+/[0-9]{1,3}\Z")


def shown(value: object) -> str:
    """``value`` for an error message: quoted, escaped, and cut where it is long."""
    text = str(value)
    return repr(text if len(text) <= 60 else f"{text[:60]}…")


class _Kind:
    """Makes a value from text, and takes one that is made already. ``form`` is the text's pattern, for editors."""

    def __init__(self, parse: Callable[[str], Any], *types: type, form: str, what: str) -> None:
        self._parse, self._types = lru_cache(maxsize=65536)(parse), types
        self._form, self._what = form, what

    def _validate(self, value: object) -> object:
        if isinstance(value, self._types):
            return value
        if not isinstance(value, str):
            raise ValueError("must be text; write it in quotes")  # noqa: TRY004 - pydantic turns ValueError into a problem
        return self._parse(value)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._validate, handler(source))

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: object) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^(?:{self._form})$", "description": self._what}


def _unicast(address: Address, text: str) -> None:
    """Raises ValueError for what no device can have. Class E and 0/8 are no host addresses (RFC 1122, 3.2.1.3)."""
    odd = isinstance(address, IPv4Address) and (address.packed[0] == 0 or address.packed[0] >= 240)
    if odd or address.is_multicast or address.is_unspecified or address.is_loopback:
        raise ValueError(f"{shown(text)} is not a unicast address; write an address that a device can have")


def _or_none(make: Callable[[str], T], text: str) -> T | None:
    try:
        return make(text)
    except ValueError:
        return None


def parse_address(text: str) -> Address:
    """An IPv4 or IPv6 unicast address. Raises ValueError."""
    address = None if "%" in text else _or_none(address_of, text)
    if address is None:
        raise ValueError(f"{shown(text)} is not an IP address; write it like 192.0.2.1 or 2001:db8::1")
    _unicast(address, text)
    return address


def _address_key(text: str) -> Address:
    address = parse_address(text)
    if str(address) != text:
        raise ValueError(f"{shown(text)} is written {address} as a key")
    return address


def _router_id(text: str) -> IPv4Address:
    address = _or_none(IPv4Address, text)
    if not address or not int(address):
        raise ValueError(f"{shown(text)} is not a router id; write it like 192.0.2.1")
    return address


def parse_network(text: str) -> Network:
    """A prefix without host bits. Raises ValueError."""
    network = _or_none(network_of, text) if _LENGTH.match(text) else None
    if network is None:
        raise ValueError(f"{shown(text)} is not a prefix; write it like 192.0.2.0/24 or 2001:db8::/64")
    if address_of(text.partition("/")[0]) != network.network_address:
        raise ValueError(f"{shown(text)} has host bits; write {network}")
    return network


def _interface(version: int, text: str) -> InterfaceAddress:
    interface = _or_none(interface_address, text) if _LENGTH.match(text) else None
    if interface is None or interface.version != version:
        example = "192.0.2.1/24" if version == 4 else "2001:db8::1/64"
        raise ValueError(
            f"{shown(text)} is not an IPv{version} address with its prefix length; write it like {example}"
        )
    _unicast(interface.ip, text)
    network = interface.network
    if network.prefixlen < interface.max_prefixlen - 1:
        if interface.ip == network.network_address:
            raise ValueError(f"{shown(text)} is the subnet itself; write an address within it")
        if version == 4 and interface.ip == network.broadcast_address:
            raise ValueError(f"{shown(text)} is the subnet's broadcast address; write another one within it")
    return interface


def _loopback(text: str) -> Address:
    host, slash, length = text.partition("/")
    address = parse_address(host)
    if slash and length != str(address.max_prefixlen):
        raise ValueError(
            f"{shown(text)}: a loopback is one address; write {address} or {address}/{address.max_prefixlen}"
        )
    return address


def listed(value: object) -> object:
    """One value stands for a list of one."""
    return value if isinstance(value, (list, tuple)) else (value,)


def at_least_one(items: tuple[T, ...]) -> tuple[T, ...]:
    """Raises ValueError for no items."""
    if not items:
        raise ValueError("needs one item at least; write it, or remove the key")
    return items


def _date(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f'{shown(text)} is not a date; write it like "2026-01-31"')
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f'{shown(text)} is not a day of the calendar; write it like "2026-01-31"') from None


def _time(text: str) -> time:
    if not re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise ValueError(f'{shown(text)} is not a time of day; write it like "22:00"')
    return time.fromisoformat(text)


@lru_cache(maxsize=1024)
def _timezone(name: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        known = name == "UTC" or bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        known = False
    if not known:
        raise ValueError(f"{shown(name)} is not a time zone; write an IANA name like Europe/Berlin or UTC")
    return name


def _degrees(limit: int) -> tuple[BeforeValidator, WithJsonSchema]:
    def validate(value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
            raise ValueError("must be decimal degrees; write it like 52.52")  # noqa: TRY004 - pydantic wants ValueError
        if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,3}(?:\.[0-9]{1,12})?", value):
            raise ValueError(f"{shown(value)} is not in decimal degrees; write it like 52.52")
        degrees = Decimal(str(value))
        if abs(degrees) > limit:
            raise ValueError(f"must be {-limit} to {limit} degrees")
        return degrees

    number = {"type": "number", "minimum": -limit, "maximum": limit}
    text = {"type": "string", "pattern": r"^-?[0-9]{1,3}(?:\.[0-9]{1,12})?$"}
    return BeforeValidator(validate), WithJsonSchema({"anyOf": [number, text]})


def _asn(value: int) -> int:
    if value in (23456, 65535, 4294967295):
        raise ValueError(f"AS {value} is reserved (RFC 6793, RFC 7300); write the network's own")
    return value


class matching:  # noqa: N801 - stands in annotations, where functions stand
    """A validator for text of one form."""

    def __init__(self, pattern: str, what: str, example: str) -> None:
        self._form, self._what, self._example = re.compile(pattern), what, example

    def _validate(self, value: str) -> str:
        if not self._form.fullmatch(value):
            raise ValueError(f"{shown(value)} is not {self._what}; write it like {self._example}")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._validate, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        description = f"{self._what}, such as {self._example}"
        return handler(schema) | {"pattern": f"^(?:{self._form.pattern})$", "description": description}


class _OneOrMore:
    """A list, or one value that stands for a list of one."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(listed, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        array = handler(schema)
        return {"anyOf": [array["items"], array]}


def _words(value: str) -> str:
    if not re.fullmatch(r"\S+(?: \S+)*", value):
        raise ValueError("must be words with single spaces between them; remove the other spaces")
    return value


_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?"


def _host(value: str) -> str:
    if ":" in value or re.fullmatch(r"[0-9]+\.[0-9.]+", value):
        return str(parse_address(value))
    if len(value) > 253 or not re.fullmatch(rf"{_LABEL}(?:\.{_LABEL})*", value):
        raise ValueError(
            f"{shown(value)} is not a host name or IP address; write it like r1.example.net or 192.0.2.1"
        )
    return value


_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_V4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_V6 = rf"[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?::{_V4})?"
_LENGTH4, _LENGTH6 = "/(?:3[0-2]|[12]?[0-9])", "/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9])"

_ADDRESS = {"form": f"{_V4}|{_V6}", "what": "an IP address, such as 192.0.2.1 or 2001:db8::1"}

AddressValue = Annotated[Address, _Kind(parse_address, IPv4Address, IPv6Address, **_ADDRESS)]
AddressKey = Annotated[Address, _Kind(_address_key, IPv4Address, IPv6Address, **_ADDRESS)]
RouterId = Annotated[
    IPv4Address, _Kind(_router_id, IPv4Address, form=_V4, what="a router id, such as 192.0.2.1")
]
NetworkValue = Annotated[
    Network,
    _Kind(
        parse_network,
        IPv4Network,
        IPv6Network,
        form=f"{_V4}{_LENGTH4}|{_V6}{_LENGTH6}",
        what="a prefix, such as 192.0.2.0/24 or 2001:db8::/64",
    ),
]
Ipv4InterfaceValue = Annotated[
    IPv4Interface,
    _Kind(
        lambda text: _interface(4, text),
        IPv4Interface,
        form=f"{_V4}{_LENGTH4}",
        what="an IPv4 address with its prefix length, such as 192.0.2.1/24",
    ),
]
Ipv6InterfaceValue = Annotated[
    IPv6Interface,
    _Kind(
        lambda text: _interface(6, text),
        IPv6Interface,
        form=f"{_V6}{_LENGTH6}",
        what="an IPv6 address with its prefix length, such as 2001:db8::1/64",
    ),
]
LoopbackValue = Annotated[
    Address,
    _Kind(
        _loopback,
        IPv4Address,
        IPv6Address,
        form=f"{_V4}(?:/32)?|{_V6}(?:/128)?",
        what="one address, such as 10.255.0.1 or 2001:db8:ff::1",
    ),
]

DateValue = Annotated[
    date, _Kind(_date, date, form="[0-9]{4}-[0-9]{2}-[0-9]{2}", what='a date, such as "2026-01-31"')
]
TimeOfDay = Annotated[
    time, _Kind(_time, time, form="(?:[01][0-9]|2[0-3]):[0-5][0-9]", what='a time of day, such as "22:00"')
]
TimeZone = Annotated[str, AfterValidator(_timezone)]
Latitude = Annotated[Decimal, *_degrees(90)]
Longitude = Annotated[Decimal, *_degrees(180)]

#: A list; one value stands for a list of one.
OneOrMore = Annotated[Items[T], _OneOrMore()]

Text = Annotated[OneLine, StringConstraints(min_length=1, max_length=240)]
#: Devices join words with one space, so that other spaces would never be read back as written.
Description = Annotated[Text, AfterValidator(_words)]
#: Empty where there shall be none, although a link or the device at the other end would give one.
OwnDescription = Annotated[
    OneLine, StringConstraints(max_length=240), AfterValidator(lambda value: value and _words(value))
]
Name = Annotated[
    str,
    matching(
        r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", "a name (letters, digits, . _ -; at most 63)", "customers-v4"
    ),
]
_INTERFACE = r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,62}"
InterfaceName = Annotated[
    str,
    matching(
        _INTERFACE,
        "an interface name (letters, digits, . _ : / -; at most 63)",
        "eth1",
    ),
]


def _local_address(text: str) -> Address | str:
    address = _or_none(parse_address, text)
    if address is None and not re.fullmatch(_INTERFACE, text):
        raise ValueError(
            f"{shown(text)} is neither an address nor an interface; write it like 192.0.2.1 or lo"
        )
    return address or text


LocalAddress = Annotated[
    Address | str,
    _Kind(
        _local_address,
        IPv4Address,
        IPv6Address,
        form=_INTERFACE,
        what="an address of the device, or an interface such as lo",
    ),
]
UserName = Annotated[str, matching(r"[A-Za-z0-9_][A-Za-z0-9._@\\+-]{0,63}", "a user name", "netops")]
Host = Annotated[
    str, AfterValidator(_host), WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,253}$"})
]
LocaleTag = Annotated[
    str, matching(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?", "a locale", "en or zh-CN")
]
Email = Annotated[
    str, matching(r'[^@\s<>,;:"()\[\]\\]{1,64}@[A-Za-z0-9.-]{1,253}', "a mail address", "noc@acme.example")
]
Phone = Annotated[str, matching(r"\+?[0-9][0-9 ()./-]{2,31}", "a telephone number", "+49 30 901820")]

Port = Annotated[int, Field(ge=1, le=65535)]
Asn = Annotated[int, Field(ge=1, le=4294967295), AfterValidator(_asn)]
Vlan = Annotated[int, Field(ge=1, le=4094)]
Mtu = Annotated[int, Field(ge=68, le=65535)]
SequenceNumber = Annotated[int, Field(ge=1, le=4294967295)]
Tag = Annotated[int, Field(ge=1, le=4294967295)]
AreaId = Annotated[int, Field(ge=0, le=4294967295)]
OspfCost = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[int, Field(ge=1, le=65535)]
