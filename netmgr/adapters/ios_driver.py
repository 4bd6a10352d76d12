"""NAPALM's ios driver with the hazards guarded that it leaves open (docs/reference/ios.md).

Files on the device have names of one load only. The candidate goes there from memory: no file with its secrets is made
here. `configure replace` has succeeded where the device says so and nothing else. Nothing is configured to make file
commands quiet: what they ask is answered.
"""

import hashlib
import io
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from napalm.base.exceptions import (
    CommandErrorException,
    ConnectionException,
    MergeConfigException,
    ReplaceConfigException,
)
from napalm.ios.ios import IOSDriver
from netmiko.exceptions import NetmikoTimeoutException
from netmiko.scp_handler import SCPConn

from netmgr.adapters.ios_terminal import IosTerminal

#: What stands before a configuration and is none.
_HEADER = re.compile(
    r"(Building configuration|Current configuration ?:|Using \d+ out of|! (Last conf|NVRAM conf|No conf)).*"
)
#: A message to the terminal, in the middle of an answer.
_SYSLOG = re.compile(r"[*.]?(?:[A-Z][a-z]{2} +\d+ +[\d:. ]+|\d+:).*%[A-Z0-9_]+-[0-7]-[A-Z0-9_]+: .*")
_HEADER_LINES = 8
#: Seconds that the device may take to become another configuration, or to write one, if no answer may take longer.
COMMIT_LIMIT = 90.0
_REFUSED = re.compile(r"^\s*%.*$", re.MULTILINE)
#: There is no such command here. Others begin with the mark too and tell what is so: "% BGP not active".
_UNKNOWN = re.compile(
    r"^% (?:Invalid input detected|Incomplete command|Ambiguous command|Unknown command).*", re.MULTILINE
)
_DONE = re.compile(r"Rollback Done")
_RESTORED = "original configuration has been successfully restored"
_FREE = re.compile(r"\((\d+) bytes free")


#: NAPALM looks for its templates beside each class of a driver, and calls it an error that there are none beside this
#: one, before it finds them beside its own.
logging.getLogger("napalm.base.helpers").addFilter(
    lambda record: "textfsmExtractorErr01" not in record.getMessage()
)


class GuardedIos(IOSDriver):  # type: ignore[misc]
    """See the module. ``way`` gives another channel through jump hosts; ``said`` is the answer to the last commit."""

    way: Callable[[], Any] = staticmethod(lambda: None)
    said = ""

    @property
    def prompt_quiet_configured(self) -> bool:
        """Nothing has to be configured: questions are answered."""
        return True

    @prompt_quiet_configured.setter
    def prompt_quiet_configured(self, _value: object) -> None: ...

    def open(self) -> None:
        """Log in."""
        try:
            terminal = IosTerminal(
                device_type="cisco_ios",
                host=self.hostname,
                username=self.username,
                password=self.password,
                timeout=self.timeout,
                **self.netmiko_optional_args,
            )
        except NetmikoTimeoutException as error:
            raise ConnectionException(f"cannot connect to {self.hostname}") from error
        terminal.channel_again = self.way
        self.device = self._netmiko_device = terminal
        terminal.enable()

    def patience(self, seconds: float) -> None:
        """From now on an answer may take so many seconds."""
        if self.device is not None:
            self.device.patience = seconds

    def get_config(
        self,
        retrieve: str = "all",
        full: bool = False,
        sanitized: bool = False,
        format: str = "text",  # noqa: A002
    ) -> Mapping[str, str]:
        """As NAPALM's, without its regular expressions over the whole text. Raises where the end is missing."""
        if sanitized:
            found: Mapping[str, str] = super().get_config(retrieve, full, sanitized, format)
            return found
        configs = {"startup": "", "running": "", "candidate": ""}
        for which in ("startup", "running"):
            if retrieve in (which, "all"):
                command = f"show {which}-config{' all' if full and which == 'running' else ''}"
                configs[which] = _configuration(command, self.device.send_command(command))
        return configs

    def cli(self, commands: list[str], encoding: str = "text") -> dict[str, str]:
        """NAPALM's own takes "% Invalid input detected" for an answer. Raises CommandErrorException."""
        answers: dict[str, str] = super().cli(commands, encoding)
        for command, answer in answers.items():
            if refused := _UNKNOWN.search(answer):
                raise CommandErrorException(f"{command}: {refused[0].strip()}")
        return answers

    def timer(self) -> Mapping[str, str]:
        """The rollback that waits, as the device tells of it (``user``, ``timer`` in minutes); empty: none."""
        said = self.device.send_command("show archive config rollback timer")
        if "No Rollback Confirmed Change pending" in said:
            return {}
        found = dict(re.findall(r"^(Timer value|User): (.*?)\s*$", said, re.MULTILINE))
        return {"user": found["User"], "timer": found.get("Timer value", "")} if "User" in found else {}

    def has_pending_commit(self) -> bool:
        """Whether a rollback waits."""
        return bool(self.timer())

    def _get_pending_commits(self) -> Mapping[str, str]:
        return self.timer()

    # -- files ------------------------------------------------------------------------------------------------------

    def put(self, text: str, name: str) -> None:
        """Make a file on the device, over SCP, and compare what arrived. Raises CommandErrorException."""
        data = text.encode()
        listing = self.device.send_command(f"dir {self.dest_file_system}")
        free = _FREE.search(listing)
        if free and int(free[1]) <= len(data):
            raise CommandErrorException(
                f"{self.dest_file_system} has {free[1]} bytes free, the configuration {len(data)}; delete files there"
            )
        path = self._gen_full_path(name)
        connection = SCPConn(self.device, socket_timeout=self.timeout)
        try:
            connection.scp_client.putfo(io.BytesIO(data), path, size=len(data))
        except Exception as error:
            raise CommandErrorException(f"SCP of {path}: {' '.join(str(error).split())}") from error
        finally:
            connection.close()
        said = self.device.send_command(f"verify /md5 {path}", read_timeout=300)
        digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
        if f"= {digest}" not in said:
            self.remove(name)
            raise CommandErrorException(
                f"{path} did not arrive whole; the device says: {' '.join(said.split())[-200:]}"
            )

    def remove(self, name: str) -> None:
        """Delete a file, if it is there."""
        self.device.send_command(f"delete /force {self._gen_full_path(name)}")

    def rename(self, name: str, new: str) -> None:
        """Give a file another name. Raises CommandErrorException."""
        said = self.device.ask(f"rename {self._gen_full_path(name)} {self._gen_full_path(new)}", confirm=True)
        if "%" in said:
            raise CommandErrorException(f"the candidate on the device is gone: {' '.join(said.split())}")

    def files(self) -> list[str]:
        """The names of the files on the file system that is used."""
        listing = self.device.send_command(f"dir {self.dest_file_system}")
        return [line.split()[-1] for line in listing.splitlines() if re.match(r"\s*\d+\s+-[rwx-]+\s", line)]

    # -- commits ----------------------------------------------------------------------------------------------------

    def _gen_rollback_cfg(self) -> None:
        """The archive has what ran before; netmgr has it, too."""

    def _commit_handler(self, cmd: str) -> str:
        """Questions are answered, and the prompt may have another name afterwards. Raises what the device refuses."""
        self.said = self.device.ask(cmd, max(self.device.patience, COMMIT_LIMIT), confirm=True)
        if cmd.startswith("configure replace"):
            problem = replace_problem(self.said)
            if problem:
                raise ReplaceConfigException(problem)
        elif cmd.startswith("copy ") and (refused := _REFUSED.search(self.said)):
            raise MergeConfigException(f"the device refuses a line: {refused_line(self.said, refused)}")
        return self.said

    def save(self) -> str:
        """Write the startup configuration; what the device says to it."""
        return str(self.device.ask("write memory", max(self.device.patience, COMMIT_LIMIT), confirm=True))

    def revert_now(self) -> str:
        """Bring back what the timer would bring back; what the device says to it."""
        return self._commit_handler("configure revert now")


def refused_line(said: str, refused: re.Match[str]) -> str:
    """What the device says of a line, and the line, which stands before it."""
    before = [
        row.strip() for row in said[: refused.start()].splitlines() if row.strip() and row.strip() != "^"
    ]
    return f"{refused[0].strip()} {before[-1] if before else ''}".strip()


def replace_problem(said: str) -> str | None:
    """What is wrong with a `configure replace`, by its answer; None where it is done."""
    text = " ".join(said.split())
    if "Rollback aborted" in said:
        return f"the device cannot come to this configuration: {text}"
    if _RESTORED in said or "Failed to apply" in said:
        return f"the device refuses a line and went back by itself: {text}"
    if refused := _REFUSED.search(said):
        return refused[0].strip()
    return None if _DONE.search(said) else f"the device does not say that it is done: {text or 'no answer'}"


def _configuration(command: str, text: str) -> str:
    """The configuration in an answer. Raises where it is no whole one."""
    lines = text.split("\n")
    lines[:_HEADER_LINES] = [line for line in lines[:_HEADER_LINES] if not _HEADER.fullmatch(line)]
    if "%" in text:
        lines = [line for line in lines if "%" not in line or not _SYSLOG.fullmatch(line)]
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines or lines[-1].strip() != "end":
        if any("startup-config is not present" in line for line in lines):
            return ""
        last = lines[-1].strip()[:80] if lines else ""
        raise CommandErrorException(
            f"`{command}` was not answered with a whole configuration; it ends in: {last!r}"
        )
    return "\n".join(lines).strip()
