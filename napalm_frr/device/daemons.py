"""FRR's daemons, asked over the sockets on which vtysh asks them: an answer costs a tenth of a millisecond.

A vtysh has to build its commands and to connect to every daemon first, which takes 25 ms of CPU. So it is for what
only it can do: to put the daemons' configurations together, to judge one, and to change it.
Protocol (FRR, lib/vty.c): a command ends in a zero byte, an answer in three and the command's status.
"""

from __future__ import annotations

import os
from _socket import AF_UNIX, SOCK_STREAM, socket  # the module around it takes 5 ms to import

from .canonical import text_digest
from .system import RouterError, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

PIDS = "/var/run/frr"
ANSWER_LIMIT = 30.0  # seconds; a frozen daemon never answers
_OF_VTYSH = (
    "/etc/frr/vtysh.conf",
    "/etc/frr/daemons",
    "/proc/sys/kernel/hostname",
    "/proc/sys/kernel/domainname",
)
# Which daemon answers a show command; what is not here, or goes on with a pipe, is vtysh's to pass on.
_OWNERS = (
    ("show ip ospf ", "ospfd"),
    ("show ipv6 ospf6 ", "ospf6d"),
    ("show bgp ", "bgpd"),
    ("show ip bgp ", "bgpd"),
    ("show interface ", "zebra"),
)


def ask_daemon(daemon: str, command: str) -> str | None:
    """What a daemon answers; None if it does not run or refuses the command.

    Raises ``RouterError`` if it does not answer within ``ANSWER_LIMIT``.
    """
    end = socket(AF_UNIX, SOCK_STREAM)
    try:
        end.settimeout(ANSWER_LIMIT)
        end.connect(f"{PIDS}/{daemon}.vty")
        answer = b""
        for words in ("enable", command):
            end.sendall(words.encode() + b"\0")
            pieces = [end.recv(1 << 16)]
            while pieces[-1] and b"".join(pieces[-4:])[-4:-1] != b"\0\0\0":
                pieces.append(end.recv(1 << 16))
            answer = b"".join(pieces)
            if answer[-4:] != b"\0\0\0\0":
                return None
        return answer[:-4].decode("utf-8", "surrogateescape")
    except TimeoutError:
        raise RouterError(f"{daemon} does not answer within {ANSWER_LIMIT:g} s") from None
    except OSError:
        return None
    finally:
        end.close()


def ask_owners(commands: Sequence[str]) -> list[str] | None:
    """What each command shows, if each is one daemon's own and all of them answer; else None."""
    outputs = []
    for command in commands:
        owner = next((daemon for start, daemon in _OWNERS if command.startswith(start)), None)
        output = None if owner is None or "|" in command else ask_daemon(owner, command)
        if output is None:
            return None
        outputs.append(output)
    return outputs


def configurations() -> list[tuple[str, str]] | None:
    """Each daemon's name with its own part of the running configuration; None if one does not say."""
    said = []
    for name in sorted(os.listdir(PIDS)):
        if name.endswith(".vty"):
            answer = ask_daemon(name[: -len(".vty")], "do write terminal")
            if answer is None:
                return None
            said.append((name, answer))
    return said


def sources(parts: list[tuple[str, str]] | None) -> str | None:
    """A digest of everything that vtysh makes a running configuration of: as long as it is the same, so is that.

    ``parts`` are the daemons' ``configurations``. None if one does not say: then only vtysh can tell what runs.
    """
    return None if parts is None else text_digest(repr([*(read(path) for path in _OF_VTYSH), *parts]))
