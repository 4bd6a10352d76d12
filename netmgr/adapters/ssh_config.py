"""``access.ssh_config``: the client's own ssh_config(5). HostName, Port, User, IdentityFile and ProxyJump count.

The file comes with the inventory, so nothing in it runs a command: ProxyCommand and ``Match exec`` are refused. What
would decide whom to trust (StrictHostKeyChecking, UserKnownHostsFile) has no effect: host keys are always verified.
"""

import io
import re
from dataclasses import dataclass
from pathlib import Path

from netmgr.adapters.inventory_files import read_file
from netmgr.errors import InputError
from netmgr.model.client import jump_parts
from netmgr.model.origins import Origin, Problem

#: What cannot be honoured, by the line that says it.
_REFUSED = (
    (re.compile(r"match\b.*\bexec\b"), "`Match exec` runs commands; write Host patterns"),
    (re.compile(r"include\b"), "Include is not followed; put its lines here"),
)


@dataclass(frozen=True, slots=True)
class HostSettings:
    """What the file says of one host; None where it says nothing. ``jump`` is ``[user@]host[:port]`` each."""

    hostname: str
    port: int | None = None
    user: str | None = None
    key_file: str | None = None
    jump: tuple[str, ...] = ()


class SshConfig:
    """One file. ``shown`` is its name for messages."""

    def __init__(self, text: str, shown: str) -> None:
        """Raises InputError for what cannot be read or must not be honoured, with file and line."""
        from paramiko import ConfigParseError, SSHConfig

        self._shown = shown
        self._lines = text.splitlines()
        problems = [
            f"{shown}:{number}: {what}"
            for number, line in enumerate(self._lines, start=1)
            for pattern, what in _REFUSED
            if pattern.match(line.strip().lower())
        ]
        if problems:
            raise InputError(problems)
        self._config = SSHConfig()
        try:
            self._config.parse(io.StringIO(text))
        except (ConfigParseError, ValueError) as error:
            raise InputError(
                [f"{shown}:1: not a valid ssh_config: {' '.join(str(error).split())}"]
            ) from error

    def of(self, host: str) -> HostSettings:
        """The settings of ``host``, which is the name as the inventory or ProxyJump writes it. Raises InputError."""
        found = self._config.lookup(host)
        if found.get("proxycommand") is not None:
            raise self._problem(
                "proxycommand", f"ProxyCommand of {host} is not run; write ProxyJump or access.jump"
            )
        port = found.get("port")
        if port is not None and not (port.isdecimal() and 1 <= int(port) <= 65535):
            raise self._problem("port", f"the port of {host} is not a number from 1 to 65535")
        jump = tuple(part.strip() for part in found.get("proxyjump", "none").split(","))
        if jump == ("none",):
            jump = ()
        if any(jump_parts(part) is None for part in jump):
            raise self._problem("proxyjump", f'ProxyJump of {host} is not like "user@bastion:22"')
        keys = [Path(name).expanduser() for name in found.get("identityfile", ())]
        return HostSettings(
            hostname=found["hostname"],
            port=int(port) if port else None,
            user=found.get("user"),
            key_file=next((str(key) for key in keys if key.is_file()), None),
            jump=jump,
        )

    def _problem(self, keyword: str, what: str) -> InputError:
        numbers = (
            n for n, line in enumerate(self._lines, start=1) if line.strip().lower().startswith(keyword)
        )
        return InputError([f"{self._shown}:{next(numbers, 1)}: {what}"])


def read_ssh_config(path: Path, shown: str, origin: Origin) -> SshConfig:
    """The file at ``path``; ``origin`` is where client.yaml names it. Raises InputError."""
    content = read_file(path, shown, kind="ssh_config")
    if content is None:
        raise InputError([f"{origin}: there is no {shown}; write it, or remove ssh_config"])
    if isinstance(content, Problem):
        raise InputError([str(content)])
    try:
        return SshConfig(content.decode("utf-8"), shown)
    except UnicodeDecodeError:
        raise InputError([f"{shown}:1: not UTF-8 text"]) from None
