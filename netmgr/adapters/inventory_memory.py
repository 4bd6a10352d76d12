"""Inventories held in memory: the same rules on the same text, without a disk."""

from collections.abc import Mapping

from netmgr.adapters.inventory_assembly import assemble, check_client_id
from netmgr.adapters.inventory_draft import TextDraft, refuse_stale
from netmgr.adapters.inventory_writing import written
from netmgr.adapters.people_yaml import read_people
from netmgr.adapters.policies_yaml import read_policies
from netmgr.errors import InputError
from netmgr.intent.features import Form
from netmgr.intent.resolve import checked
from netmgr.model.change_policy import ChangePolicies
from netmgr.model.checked import Checked
from netmgr.model.inventory import Inventory
from netmgr.model.people import People
from netmgr.ports.inventory import Document


class MemoryInventories:
    """``Inventories`` of texts: client → file name → YAML, config/people.yaml, and policies: path → YAML."""

    def __init__(
        self,
        clients: Mapping[str, Mapping[str, str]],
        forms: Mapping[str, Form],
        people: str | None = None,
        policies: Mapping[str, str] | None = None,
    ) -> None:
        self._people, self._policies = people, policies or {}
        self._clients = {client: dict(files) for client, files in clients.items()}
        self._forms = forms

    def clients(self) -> tuple[str, ...]:
        """Ids of all clients, sorted."""
        return tuple(sorted(self._clients))

    def load(self, client: str, *, overlay: Mapping[str, object] | None = None) -> Inventory:
        """The client's inventory, merged and checked. Raises InputError with every problem of every file."""
        check_client_id(client, known=self.clients())
        files = {name: text.encode() for name, text in self._clients[client].items()}
        return assemble(client, files, forms=self._forms, overlay=overlay)

    def check(self, client: str, *, overlay: Mapping[str, object] | None = None) -> Checked:
        """The verdict on the client's inventory."""
        return checked(self.load(client, overlay=overlay), self._forms)

    def create(self, client: str, documents: Mapping[str, Document], *, comment: str) -> None:
        """A new client, all or nothing. Raises InputError; then nothing has changed."""
        check_client_id(client)
        texts = {name: written(document, comment) for name, document in documents.items()}
        assemble(client, {name: text.encode() for name, text in texts.items()}, forms=self._forms)
        if client in self._clients:
            raise InputError([f"inventory/{client}:1: the client exists already; choose another id"])
        self._clients[client] = texts

    def draft(self, client: str) -> TextDraft:
        """The client's texts, to be edited."""
        check_client_id(client, known=self.clients())
        files = {name: text.encode() for name, text in self._clients[client].items()}

        def write(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> None:
            refuse_stale(
                client, {name: text.encode() for name, text in self._clients[client].items()}, before
            )
            self._clients[client].update({name: data.decode() for name, data in after.items()})

        return TextDraft(client, files, forms=self._forms, write=write)

    def people(self) -> People:
        """The people of ``people`` (YAML). Raises InputError as ``load`` does."""
        return read_people(
            self._people.encode() if self._people is not None else None, clients=self.clients()
        )

    def policies(self) -> ChangePolicies:
        """What the texts of ``policies`` say. Raises InputError as ``load`` does."""
        files = {path: text.encode() for path, text in self._policies.items()}
        return read_policies(files, clients=self.clients())
