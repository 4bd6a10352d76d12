"""A NAPALM driver for Larch: replace without a timer, over SSH through netmiko.

Like most community drivers it verifies host keys if, and only if, it hands netmiko's own options on to netmiko.
"""

from typing import Any

from napalm.base.base import NetworkDriver
from napalm.base.exceptions import CommandErrorException, ConnectionException, ReplaceConfigException
from napalm.base.netmiko_helpers import netmiko_args
from netmiko import ConnectHandler
from netmiko.exceptions import NetmikoBaseException

PROMPT = "larch> "


class LarchDriver(NetworkDriver):
    """See ``napalm.base.base.NetworkDriver``."""

    def __init__(self, hostname, username, password, timeout=60, optional_args=None) -> None:
        self.hostname, self.username, self.password, self.timeout = hostname, username, password, timeout
        self._options = netmiko_args(optional_args or {})
        self._device: Any = None

    def open(self) -> None:
        self._device = ConnectHandler(
            device_type="generic",
            host=self.hostname,
            username=self.username,
            password=self.password,
            conn_timeout=self.timeout,
            **self._options,
        )
        self._device.set_base_prompt(pri_prompt_terminator=">")

    def close(self) -> None:
        if self._device is not None:
            self._device.disconnect()
            self._device = None

    def is_alive(self) -> dict[str, bool]:
        return {"is_alive": self._device is not None and self._device.is_alive()}

    def cli(self, commands: list[str], encoding: str = "text") -> dict[str, str]:
        return {command: self._ask(command) for command in commands}

    def get_config(self, retrieve="all", full=False, sanitized=False, format="text") -> dict[str, str]:
        if sanitized:
            raise NotImplementedError("sanitized configurations")
        wanted = {"running": "show running", "startup": "show saved"}
        return {
            "candidate": "",
            **{
                name: self._configuration(command) if retrieve in ("all", name) else ""
                for name, command in wanted.items()
            },
        }

    def get_facts(self) -> dict[str, Any]:
        facts = dict(line.split(": ", 1) for line in self._ask("show version").splitlines())
        return {
            "hostname": facts["hostname"],
            "fqdn": facts["hostname"],
            "vendor": "Larch",
            "model": facts["model"],
            "os_version": facts["version"],
            "serial_number": facts["serial"],
            "uptime": float(facts["uptime"]),
            "interface_list": facts["ports"].split(),
        }

    def load_replace_candidate(self, filename=None, config=None) -> None:
        if filename is not None:
            raise NotImplementedError("candidates in files")
        self._ask("candidate clear")
        for line in config.splitlines():
            try:
                self._ask(f"candidate add {line}")
            except CommandErrorException as error:
                self.discard_config()
                raise ReplaceConfigException(f"{line.strip()}: {error}") from error

    def compare_config(self) -> str:
        return self._ask("candidate diff")

    def commit_config(self, message="", revert_in=None) -> None:
        if revert_in is not None:
            raise NotImplementedError("commits with a timer")
        self._ask("candidate apply")

    def discard_config(self) -> None:
        self._ask("candidate clear")

    def _configuration(self, command: str) -> str:
        """Without the line above it: it says how long the device is up, and no two readings would be alike."""
        lines = self._ask(command).splitlines(keepends=True)
        return "".join(lines[1:] if lines and lines[0].startswith("# larch ") else lines)

    def _ask(self, command: str) -> str:
        if self._device is None:
            raise ConnectionException("not connected")
        try:
            answer = self._device.send_command(
                command, expect_string=rf"\n?{PROMPT}$", read_timeout=self.timeout, strip_prompt=True
            )
        except (OSError, EOFError, NetmikoBaseException) as error:
            raise ConnectionException(str(error)) from error
        if answer.startswith("error: "):
            raise CommandErrorException(answer.removeprefix("error: ").strip())
        return f"{answer.strip()}\n" if answer.strip() else ""
