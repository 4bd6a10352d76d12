"""IOS asked for nothing but when it was changed last: one login, one line typed ahead, no driver.

NAPALM's driver and netmiko's connection cost half as much CPU again as the login itself, and learn things that nobody
wants to know of a device that has not changed.
"""

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netmgr.model.last_change import LastChange

if TYPE_CHECKING:
    from napalm_frr.login import Login

#: Each is short enough for a line of any terminal, and so is its answer. A device reads ahead what is typed while it
#: answers.
CHANGE_ASKED = "show running-config | include ^! Last"
_ASKED = f"""\
{CHANGE_ASKED}
show clock
show version | include uptime is
""".encode()
_PROMPT = re.compile(rb"[#>] ?$")
_CHANGE = re.compile(r"^(! Last configuration change at .*?)\s*$", re.MULTILINE)
_BY = re.compile(r"^! Last configuration change at (\S.*?) by (\S.*?)\s*$", re.MULTILINE)
_CLOCK = re.compile(r"^([*.]?\d\d:\d\d:\d\d\S* .*?)\s*$", re.MULTILINE)
_UPTIME = re.compile(r"^(\S+ uptime is .*?)\s*$", re.MULTILINE)
#: Bytes: who sends more tells something else.
_MOST = 65_536


@dataclass(frozen=True, slots=True)
class Glance:
    """The device's lines: of its last change, of the time now, of its uptime."""

    change: str
    clock: str
    uptime: str


def glance(login: "Login") -> Glance | None:
    """What the device tells within the login's time; None where it does not tell all of it.

    Raises what ``napalm_frr.login.connect`` does, and TimeoutError.
    """
    from napalm_frr.login import connect

    client = connect(login)
    try:
        if (transport := client.get_transport()) is None:
            raise EOFError("the device ended the connection")
        channel = transport.open_session(timeout=login.timeout)
        channel.invoke_shell()  # without a terminal, as `ssh DEVICE < FILE` does it
        limit = time.monotonic() + login.timeout
        heard, asked = b"", False
        while len(heard) < _MOST:
            channel.settimeout(max(limit - time.monotonic(), 0.001))
            more = channel.recv(_MOST)
            if not more:
                break
            heard += more
            if not asked and _PROMPT.search(heard):
                channel.sendall(_ASKED)
                asked = True
            elif asked and (told := understood(heard)):
                return told
    except TimeoutError:
        raise TimeoutError(f"no whole answer within {login.timeout:g} s") from None
    finally:
        client.close()
    return understood(heard)


def last_change(heard: str) -> LastChange | None:
    """Who made the last change, and when; None where the device names nobody (a console without a login, a timer)."""
    match = _BY.search(heard.replace("\r", ""))
    return LastChange(user=match[2], when=match[1], source="header") if match else None


def understood(heard: bytes) -> Glance | None:
    """What a device has said so far, prompts and echoes included; None until a line follows the last answer."""
    whole, line_feed, _ = heard.decode("utf-8", "replace").replace("\r", "").rpartition("\n")
    found = [pattern.search(whole + line_feed) for pattern in (_CHANGE, _CLOCK, _UPTIME)]
    lines = [match[1] for match in found if match]
    return Glance(*lines) if len(lines) == len(found) else None
