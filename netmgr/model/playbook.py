"""Playbooks: what one is, what a client says of it, and what a run of it came to. docs/reference/json.md shows that."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, RootModel, WithJsonSchema

from netmgr.model.base import Frozen
from netmgr.model.fields import shown
from netmgr.model.names import Identifier, Target

PLAYBOOK_NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
"""A file directly in playbooks/, without its suffix: nothing that leads anywhere else."""


def _playbook_name(value: str) -> str:
    if not PLAYBOOK_NAME.fullmatch(value):
        raise ValueError(
            f"{shown(value)} is no playbook's name; write the file's in playbooks/, without its suffix"
        )
    return value


PlaybookName = Annotated[
    str,
    AfterValidator(_playbook_name),
    WithJsonSchema({"type": "string", "pattern": f"^{PLAYBOOK_NAME.pattern}$"}),
]
HostStatus = Literal["ok", "changed", "skipped", "unreachable", "failed"]

#: From the best to the worst. ``skipped``: no play of the playbook meant the host.
STATUSES: tuple[HostStatus, ...] = ("ok", "changed", "skipped", "unreachable", "failed")

_VARIABLE = re.compile(r"[a-z][a-z0-9_]{0,63}")
#: What Ansible gives these names itself, or what decides how and where a task runs.
_TAKEN = frozenset(
    {
        *("ansible", "environment", "groups", "group_names", "hostvars", "inventory_dir", "inventory_file"),
        *("inventory_hostname", "inventory_hostname_short", "item", "lookup", "netmgr", "omit", "play_hosts"),
        *("playbook_dir", "q", "query", "role_name", "role_names", "role_path", "vars"),
    }
)


def variable_name(name: str) -> str:
    """``name``, if a playbook may be given a variable of that name. Raises ValueError."""
    if not _VARIABLE.fullmatch(name):
        raise ValueError("is not a variable's name; write lower-case letters, digits and _")
    if name in _TAKEN or name.startswith("ansible_"):
        raise ValueError("is Ansible's or netmgr's own name; choose another")
    return name


Variable = Annotated[
    str,
    AfterValidator(variable_name),
    WithJsonSchema({"type": "string", "pattern": f"^{_VARIABLE.pattern}$"}),
]
Variables = Mapping[Variable, Any]
"""Name → text, number, true, false, null, list or mapping. Text that is a secret's reference stands for the secret."""


class PlaybookSettings(Frozen):
    """What one client says of one playbook."""

    variables: Variables = Field(default_factory=dict)
    hosts: Mapping[Identifier, Variables] = Field(default_factory=dict)
    """By device; over ``variables``."""


class ClientPlaybooks(RootModel[Mapping[str, PlaybookSettings]]):
    """playbooks.yaml of a client: playbook → what the client says of it."""

    def of(self, playbook: str) -> PlaybookSettings:
        """What is said of one; nothing where nothing is."""
        return self.root.get(playbook, PlaybookSettings())


class Playbook(Frozen):
    """One playbook of the workspace. ``plays`` are its plays' names, ``hosts`` their patterns."""

    name: str
    file: str
    plays: tuple[str, ...]
    hosts: tuple[str, ...]
    local: tuple[str, ...] = ()
    """Where it works on the machine that runs netmgr, ``file:line`` and how."""


class ListedPlaybook(Frozen):
    """One playbook as ``playbook list`` shows it. ``refused``: it works on this machine and is not allowed to."""

    name: str
    plays: tuple[str, ...]
    hosts: tuple[str, ...]
    local: tuple[str, ...]
    refused: bool


class PlayedTask(Frozen):
    """One task on one host. ``message`` says what went wrong, or is what the playbook says itself (debug)."""

    task: str
    status: Literal["ok", "changed", "skipped", "unreachable", "failed", "ignored"]
    message: str | None = None


class PlayedHost(Frozen):
    """One host. ``diff`` is unified, secrets hidden; ``error`` one line where it is unreachable or has failed."""

    device: str
    status: HostStatus
    ok: int = 0
    changed: int = 0
    failed: int = 0
    skipped: int = 0
    tasks: tuple[PlayedTask, ...] = ()
    diff: str = ""
    error: str | None = None


class PlaybookRun(Frozen):
    """The document that ``playbook run`` prints."""

    client: str
    target: Target
    playbook: str
    check: bool
    outcome: HostStatus
    seconds: float
    devices: tuple[PlayedHost, ...]
    error: str | None = None
    """What ended the whole run: a mistake in the playbook, an interruption."""
