"""Where inventories, people and policies come from."""

from collections.abc import Mapping
from typing import Protocol

from netmgr.model.change_policy import ChangePolicies
from netmgr.model.checked import Checked
from netmgr.model.inventory import Inventory
from netmgr.model.people import People

Document = Mapping[str, object]
"""What one YAML file of a client shall hold."""


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

    def people(self) -> People:
        """Everybody in config/people.yaml; nobody where there is no such file. Raises InputError as ``load`` does."""

    def policies(self) -> ChangePolicies:
        """Every policy for changes; none where there is no file. Raises InputError as ``load`` does."""
