"""What one invocation knows: the options given, and from them the workspace, the client, the target, the wiring."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from netmgr.errors import UsageError

if TYPE_CHECKING:
    from netmgr.model.access import Actor
    from netmgr.model.names import Target
    from netmgr.model.selection import Selection
    from netmgr.model.settings import Settings
    from netmgr.wiring import Wiring

WORKSPACE_FILE = Path("config/netmgr.yaml")


class Context:
    """Lazily built, so that a command pays only for what it uses."""

    def __init__(self) -> None:
        self._options: dict[str, Any] = {}
        self._from_environment: set[str] = set()
        self._writes_devices = False
        self.command = ""

    def set(self, name: str, value: Any, *, environment: bool) -> None:
        """Keep an option; one nearer to the command line replaces one from farther away."""
        self._options[name] = value
        (self._from_environment.add if environment else self._from_environment.discard)(name)

    def entered(self, command: str, *, writes_devices: bool) -> None:
        """A command begins: its full name, and whether it writes to devices."""
        self.command, self._writes_devices = command, writes_devices

    @cached_property
    def workspace(self) -> Path:
        """The workspace's root directory (absolute)."""
        given = self._options.get("workspace")
        start = Path(given or ".").absolute()
        for candidate in [start] if given else [start, *start.parents]:
            if (candidate / WORKSPACE_FILE).is_file():
                return candidate
        where = f"{start} is not a workspace" if given else f"no workspace at or above {start}"
        raise UsageError(f"{where} (no {WORKSPACE_FILE}); run `netmgr init DIR` or name one with -w DIR")

    @property
    def client_or_none(self) -> str | None:
        """The client's id, if one was named."""
        value = self._options.get("client")
        if value is not None and self._writes_devices and "client" in self._from_environment:
            raise UsageError(
                "NETMGR_CLIENT is not used by commands that write to devices; name the client with -c"
            )
        return value

    @property
    def client(self) -> str:
        """The client's id; required."""
        client = self.client_or_none
        if client is None:
            raise UsageError("no client: name one with -c CLIENT (`netmgr inventory list` shows them)")
        return client

    @property
    def output(self) -> Literal["table", "json"]:
        """What goes to standard output: a table for people or a JSON document."""
        return self._options.get("output") or "table"

    @property
    def debug(self) -> bool:
        """Whether tracebacks are shown."""
        return bool(self._options.get("debug"))

    @property
    def lab(self) -> bool:
        """Whether device commands are aimed at the lab."""
        return bool(self._options.get("lab"))

    @property
    def target(self) -> Target:
        """Where device commands are aimed."""
        return "lab" if self.lab else "network"

    @property
    def selection(self) -> Selection:
        """Which of the client's devices are meant."""
        from netmgr.model.selection import Selection

        limit = self._options.get("limit")
        return Selection(
            names=tuple(part.strip() for part in limit.split(",") if part.strip()) if limit else (),
            **{key: self._options.get(key) for key in ("role", "site", "platform", "group")},
        )

    @cached_property
    def settings(self) -> Settings:
        """config/netmgr.yaml, checked."""
        from netmgr.adapters.settings_yaml import load_settings

        return load_settings(self.workspace)

    @property
    def overlay(self) -> dict[str, Any] | None:
        """Device data merged last when the target is the lab."""
        return self.settings.lab.overlay if self.lab else None

    @cached_property
    def wiring(self) -> Wiring:
        """The adapters, built on first use."""
        from netmgr.wiring import Wiring

        return Wiring(self.workspace, self.settings)

    @cached_property
    def actor(self) -> Actor:
        """Who runs this command, and how that was proved."""
        return self.wiring.actor(os.getuid())

    @cached_property
    def request(self) -> str:
        """The id that all log entries of this command carry."""
        return self._options.get("request") or self.wiring.clock.new_id()
