"""What tells VRFs and their routes apart: route distinguishers and route targets (RFC 4364)."""

import re
from functools import partial
from ipaddress import IPv4Address
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from netmgr.model.fields import shown


def _is_ipv4(text: str) -> bool:
    try:
        IPv4Address(text)
    except ValueError:
        return False
    return True


def number_pair(what: str, text: str) -> str:
    """``AS:number`` or ``address:number``: together six bytes (RFC 4360, RFC 5668)."""
    high, _, low = text.rpartition(":")
    limit = 65535 if "." in high or (high.isdecimal() and int(high) > 65535) else 4294967295
    good = _is_ipv4(high) if "." in high else re.fullmatch(r"0|[1-9][0-9]{0,9}", high)
    if (
        not good
        or not re.fullmatch(r"0|[1-9][0-9]{0,9}", low)
        or ("." not in high and int(high) > 4294967295)
    ):
        raise ValueError(f'{shown(text)} is not {what}; write it like "64500:1" or "192.0.2.1:1"')
    if int(low) > limit:
        raise ValueError(
            f"{shown(text)}: the number after {high} must be {limit} or less (RFC 4360, RFC 5668)"
        )
    return text


def _schema(what: str) -> WithJsonSchema:
    pattern = "^(?:[0-9]{1,10}:[0-9]{1,10}|[0-9.]{7,15}:[0-9]{1,5})$"
    return WithJsonSchema({"type": "string", "pattern": pattern, "description": f'{what}, such as "64500:1"'})


RouteDistinguisher = Annotated[
    str, AfterValidator(partial(number_pair, "a route distinguisher")), _schema("a route distinguisher")
]
RouteTarget = Annotated[
    str, AfterValidator(partial(number_pair, "a route target")), _schema("a route target")
]
