"""The workspace's playbooks, and who plays them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from netmgr.model.inventory import Device, Inventory
from netmgr.model.playbook import ClientPlaybooks, Playbook, PlayedHost
from netmgr.model.reach import Reach
from netmgr.ports.progress import Progress


@dataclass(frozen=True, slots=True)
class PlayOrder:
    """One run. ``inventory`` is Ansible's own document (``--list``), with secrets in it: for memory only.

    ``secrets`` is name → value of all that stand in it, to be hidden wherever they appear.
    """

    playbook: Playbook
    client: str
    inventory: Mapping[str, Any] = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)
    devices: tuple[str, ...]
    check: bool
    local: bool
    """Whether tasks may run on the machine that runs netmgr."""
    readable: tuple[str, ...] = ()
    """Files that a login needs: host keys, the lab's key."""
    keys_in_memory: bool = False
    """Whether a login takes a private key out of the inventory."""


@dataclass(frozen=True, slots=True)
class Played:
    """What a run came to. ``hosts`` are those that a play meant; ``error`` is what ended the whole run."""

    hosts: tuple[PlayedHost, ...]
    error: str | None = None


class Player(Protocol):
    """Plays playbooks."""

    def play(self, order: PlayOrder, progress: Progress, interrupted: Callable[[], bool]) -> Played:
        """Run the order to its end, or until ``interrupted``. What it returns holds no secret of the order.

        Raises PlaybookError where nothing could be begun.
        """


class Playbooks(Protocol):
    """playbooks/ of the workspace, and what the clients say of them."""

    def every(self) -> tuple[Playbook, ...]:
        """All of them by name. Raises InputError with every problem of every file."""

    def named(self, name: str) -> Playbook:
        """One of them. Raises UsageError for a name that is none, InputError for a file that cannot be played."""

    def digest(self) -> str:
        """SHA-256 of all files of playbooks/: what is played, whatever a playbook includes."""

    def settings(self, client: str) -> ClientPlaybooks:
        """What the client says of its playbooks. Raises InputError."""


@dataclass(frozen=True, slots=True)
class PlaybookDesk:
    """All that a run needs. ``local`` names the playbooks that may work on the machine that runs netmgr."""

    playbooks: Playbooks
    player: Player
    reach: Callable[[Inventory, Iterable[Device]], tuple[Reach, ...]]
    """How the devices are reached, but for secrets. Raises LabError where the lab is the target and not up."""
    local: frozenset[str] = frozenset()
