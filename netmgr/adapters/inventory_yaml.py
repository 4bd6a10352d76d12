"""Inventories in the workspace's directory ``inventory/``, one directory for each client."""

from collections.abc import Mapping
from pathlib import Path

from netmgr.adapters.inventory_assembly import FILES, assemble, check_client_id
from netmgr.adapters.inventory_cache import InventoryCache, content_key
from netmgr.adapters.inventory_draft import TextDraft, refuse_stale
from netmgr.adapters.inventory_files import (
    client_directories,
    read_client,
    read_file,
    update_client,
    write_client,
)
from netmgr.adapters.inventory_writing import written
from netmgr.adapters.people_yaml import PEOPLE, read_people
from netmgr.adapters.policies_yaml import policy_files, read_policies
from netmgr.errors import InputError
from netmgr.intent.features import Form
from netmgr.intent.resolve import checked
from netmgr.model.change_policy import ChangePolicies
from netmgr.model.checked import Checked
from netmgr.model.inventory import Inventory
from netmgr.model.origins import Problem
from netmgr.model.people import People
from netmgr.ports.inventory import Document


class YamlInventories:
    """``Inventories`` of the workspace at ``root``. ``forms`` are the platforms that devices may have.

    ``cache`` keeps verdicts of ``check`` from one command to the next; without it everything is checked anew.
    """

    def __init__(self, root: Path, forms: Mapping[str, Form], cache: InventoryCache | None = None) -> None:
        self._root, self._forms, self._cache = root, forms, cache
        self._last: tuple[str, Inventory] | None = None

    def clients(self) -> tuple[str, ...]:
        """Names of the directories that hold one of a client's files, sorted; hidden ones are none."""
        return client_directories(self._root)

    def load(self, client: str, *, overlay: Mapping[str, object] | None = None) -> Inventory:
        """The client's inventory, merged and checked. Raises InputError with every problem of every file.

        A command that loads the same content again gets the same value.
        """
        files, key = self._read(client, overlay)
        if self._last and key == self._last[0]:
            return self._last[1]
        inventory = assemble(client, files, forms=self._forms, overlay=overlay)
        self._last = (key, inventory) if key else None
        return inventory

    def check(self, client: str, *, overlay: Mapping[str, object] | None = None) -> Checked:
        """The verdict on the client's inventory, kept from an earlier check where nothing has changed since."""
        files, key = self._read(client, overlay)
        name = client if overlay is None else f"{client}.overlay"
        known = self._cache.get(name, key) if self._cache and key else None
        if known is None:
            known = checked(assemble(client, files, forms=self._forms, overlay=overlay), self._forms)
            if self._cache and key:
                self._cache.put(name, key, known, keep=self.clients())
        return known

    def _read(
        self, client: str, overlay: Mapping[str, object] | None
    ) -> tuple[dict[str, bytes | Problem], str]:
        """The client's files and the key of their content, which is empty where one cannot be had."""
        check_client_id(client)
        directory = self._root / "inventory" / client
        if not any((directory / name).is_symlink() or (directory / name).exists() for name in FILES):
            check_client_id(client, known=self.clients())
        files = read_client(self._root, client)
        contents = {name: content for name, content in files.items() if isinstance(content, bytes)}
        whole = len(contents) == len(files)
        return files, content_key(
            contents, client=client, forms=self._forms, overlay=overlay
        ) if whole else ""

    def create(self, client: str, documents: Mapping[str, Document], *, comment: str) -> None:
        """A new client, all or nothing. Raises InputError; then nothing has changed."""
        check_client_id(client)
        texts = {name: written(document, comment) for name, document in documents.items()}
        assemble(client, {name: text.encode() for name, text in texts.items()}, forms=self._forms)
        write_client(self._root, client, texts)

    def draft(self, client: str) -> TextDraft:
        """The client's files, to be edited. Raises InputError with every problem of every file."""
        files, _ = self._read(client, None)
        wrong = [content for content in files.values() if isinstance(content, Problem)]
        if wrong:
            raise InputError([str(problem) for problem in sorted(set(wrong))])

        def write(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> None:
            now, _ = self._read(client, None)
            refuse_stale(client, now, before)
            update_client(self._root, client, after)

        contents = {name: content for name, content in files.items() if isinstance(content, bytes)}
        return TextDraft(client, contents, forms=self._forms, write=write)

    def people(self) -> People:
        """Everybody in config/people.yaml; nobody where there is no such file. Raises InputError as ``load`` does."""
        content = read_file(self._root / PEOPLE, PEOPLE, inside=self._root)
        return read_people(content, clients=self.clients())

    def policies(self) -> ChangePolicies:
        """Every file directly in config/policies/; none where there is none. Raises InputError as ``load`` does."""
        return read_policies(policy_files(self._root), clients=self.clients())
