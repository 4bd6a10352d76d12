"""Names on Junos: of interfaces, where ``ge-0/0/0`` is what an inventory calls its unit 0, and of netmgr's policies."""

import re

#: Policies that the templates make for themselves.
OWN_POLICIES = re.compile(
    r"(?:.+-)?(?:announced|ospf3?-external)|everything|next-hop-self|(?:prefix-list|acl|community-list|as-path-list)-.+"
)


def short(logical: str) -> str:
    """The inventory's name of a logical interface: without the unit where that is 0."""
    return logical.removesuffix(".0")


def logical(name: str) -> str:
    """The logical interface that the inventory calls ``name``."""
    physical, unit = parts(name)
    return f"{physical}.{unit}"


def number_pair(text: str) -> str:
    """A pair whose first number is an AS of four bytes, which Junos marks (``4200000000L:1``), as the model writes it.

    Of a smaller AS the mark says something: that pair stays as it is.
    """
    high, mark, low = text.partition("L:")
    return f"{high}:{low}" if mark and high.isdecimal() and int(high) > 65535 else text


def parts(name: str) -> tuple[str, str]:
    """(physical interface, unit) of an inventory's or a logical interface's name."""
    physical, dot, unit = name.rpartition(".")
    return (physical, unit) if dot and unit.isdecimal() else (name, "0")
