"""Secrets of a configuration in one form: in clear (``0``) where EOS hides them in a way that can be undone.

So a password that the inventory gives and the one that the device shows are the same text, and so are those of the two
ends of a session. What is hashed, or hidden with a key of the device, stays as it is.
"""

import re
from collections.abc import Iterable

from netmgr.platforms.cli_tree import Line
from netmgr.platforms.eos.obfuscation import of_key, of_password

_NEIGHBOR = re.compile(r"(neighbor (\S+) password )(?!shared-secret )(?:([0-9]|8a) )?(\S+)")
_OSPF = re.compile(r"(ip ospf (?:authentication-key|message-digest-key (\d+) (\S+)) )(?:([0-9]|8a) )?(\S+)")
_SERVER = re.compile(
    r"((?:tacacs-server|radius-server)(?: .*)? key |ntp authentication-key \d+ \S+ )(?:([0-9]|8a) )?(\S+)"
)


def in_clear(lines: Iterable[Line], interface: str = "") -> None:
    """Write the secrets of lines, and of all below them, in clear."""
    for line in lines:
        if "password" in line.text or " ospf " in line.text or "key" in line.text:
            line.text = _clear(line.text, interface)
        if line.children:
            in_clear(line.children, line.text.removeprefix("interface "))


def _clear(text: str, interface: str) -> str:
    if match := _NEIGHBOR.fullmatch(text):
        before, name, form, secret = match.groups()
        return f"{before}{_written(form, secret, of_password(secret, (f'{name}_passwd',)))}"
    if match := _OSPF.fullmatch(text):
        before, number, algorithm, form, secret = match.groups()
        names = (f"{interface}_{algorithm}Key_{number}", f"{interface}_passwd")
        return f"{before}{_written(form, secret, of_password(secret, names))}"
    if match := _SERVER.fullmatch(text):
        before, form, secret = match.groups()
        return f"{before}{_written(form, secret, of_key(secret))}"
    return text


def _written(form: str | None, secret: str, clear: str | None) -> str:
    if form in (None, "0"):
        return f"0 {secret}"
    return f"{form} {secret}" if form != "7" or clear is None else f"0 {clear}"
