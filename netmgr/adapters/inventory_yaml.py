"""Inventories in the workspace's directory ``inventory/``, one directory for each client."""

from collections.abc import Mapping
from pathlib import Path

from netmgr.adapters.inventory_assembly import assemble, check_client_id
from netmgr.adapters.inventory_files import client_directories, read_client, read_file, write_client
from netmgr.adapters.inventory_writing import written
from netmgr.adapters.people_yaml import PEOPLE, read_people
from netmgr.intent.features import Form
from netmgr.model.inventory import Inventory
from netmgr.model.people import People
from netmgr.ports.inventory import Document


class YamlInventories:
    """``Inventories`` of the workspace at ``root``. ``forms`` are the platforms that devices may have."""

    def __init__(self, root: Path, forms: Mapping[str, Form]) -> None:
        self._root = root
        self._forms = forms

    def clients(self) -> tuple[str, ...]:
        """Names of the directories that hold one of a client's files, sorted; hidden ones are none."""
        return client_directories(self._root)

    def load(self, client: str, *, overlay: Mapping[str, object] | None = None) -> Inventory:
        """The client's inventory, merged and checked. Raises InputError with every problem of every file."""
        check_client_id(client, known=self.clients())
        return assemble(client, read_client(self._root, client), forms=self._forms, overlay=overlay)

    def create(self, client: str, documents: Mapping[str, Document], *, comment: str) -> None:
        """A new client, all or nothing. Raises InputError; then nothing has changed."""
        check_client_id(client)
        texts = {name: written(document, comment) for name, document in documents.items()}
        assemble(client, {name: text.encode() for name, text in texts.items()}, forms=self._forms)
        write_client(self._root, client, texts)

    def people(self) -> People:
        """Everybody in config/people.yaml; nobody where there is no such file. Raises InputError as ``load`` does."""
        content = read_file(self._root / PEOPLE, PEOPLE, inside=self._root)
        return read_people(content, clients=self.clients())
