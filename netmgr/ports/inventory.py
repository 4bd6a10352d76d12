"""Where inventories, people and policies come from."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from netmgr.model.adoption import Edit, FileChange, Key
from netmgr.model.change_policy import ChangePolicies
from netmgr.model.checked import Checked
from netmgr.model.inventory import Inventory
from netmgr.model.people import People

Document = Mapping[str, object]
"""What one YAML file of a client shall hold."""


class InventoryDraft(Protocol):
    """A client's files as they would be. Each edit gives another draft; nothing is written before ``save``."""

    def own(self, device: str) -> Mapping[Key, object]:
        """What hosts.yaml itself says under the device's ``data``, in plain values."""

    def inherited(self, device: str) -> Mapping[Key, object]:
        """What the device's groups and defaults.yaml say there."""

    def edited(self, edits: Mapping[str, Sequence[Edit]], links: Sequence[Document] = ()) -> "InventoryDraft":
        """The draft with the devices' data edited, and more links in topology.yaml. Comments and everything that is not
        edited stay as they are.
        """

    def inventory(self, *, overlay: Mapping[str, object] | None = None) -> Inventory:
        """The inventory that the files would be, merged and checked. Raises InputError as ``Inventories.load`` does."""

    def changes(self) -> tuple[FileChange, ...]:
        """What would change, file by file."""

    def save(self) -> None:
        """Write the files that change, each whole and durably; the devices' data first.

        Raises Refused where a file was changed since the draft was begun: then nothing is written.
        """


class Inventories(Protocol):
    """The clients' inventories."""

    def clients(self) -> tuple[str, ...]:
        """Names of all clients, sorted; ``load`` refuses one that is no id."""

    def load(self, client: str, *, overlay: Mapping[str, object] | None = None) -> Inventory:
        """The client's inventory, merged and checked; ``overlay`` is device data that is merged last on every device.

        Raises InputError with every problem of every file, each as ``file:line: what; what to do``.
        """

    def check(self, client: str, *, overlay: Mapping[str, object] | None = None) -> Checked:
        """The verdict on the client's inventory: how large it is, its digest, its warnings.

        May come from an earlier check of the same content, so it is for people to read, not to act on. Raises
        InputError as ``load`` does.
        """

    def create(self, client: str, documents: Mapping[str, Document], *, comment: str) -> None:
        """A new client whose files hold ``documents`` (file name → content), each under a ``comment``; all or nothing.

        Raises InputError where the client exists, its id is none, or the documents do not make a valid inventory.
        """

    def draft(self, client: str) -> InventoryDraft:
        """The client's files as they are, to be edited. Raises InputError as ``load`` does."""

    def people(self) -> People:
        """Everybody in config/people.yaml; nobody where there is no such file. Raises InputError as ``load`` does."""

    def policies(self) -> ChangePolicies:
        """Every policy for changes; none where there is no file. Raises InputError as ``load`` does."""
