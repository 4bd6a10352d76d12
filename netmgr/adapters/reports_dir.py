"""Reports as files of the workspace's private directory."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from netmgr.adapters.package_templates import report_templates, words_in
from netmgr.adapters.private_files import private_directory, remove_durably, write_durably
from netmgr.adapters.typeset_pdf import WeasyPrint
from netmgr.document.locale import Words
from netmgr.errors import StoreError
from netmgr.model.people import People
from netmgr.ports.store import Signer
from netmgr.ports.typesetter import Typesetter


class ReportDirectory:
    """See ``netmgr.ports.reports.ReportDesk``. A directory for each client below ``directory``."""

    def __init__(self, directory: Path, signer: Signer, people: Callable[[], People] = People) -> None:
        self._directory, self.signer, self._people = directory, signer, people

    @cached_property
    def templates(self) -> Mapping[str, str]:
        """The program's own."""
        return report_templates()

    @cached_property
    def typesetter(self) -> Typesetter:
        """WeasyPrint."""
        return WeasyPrint()

    def words(self, locale: str, zone: str) -> Words:
        """The program's own."""
        return words_in(locale, zone)

    @property
    def names(self) -> Collection[str]:
        """Of config/people.yaml."""
        people = self._people().people.values()
        return frozenset(word for person in people for word in (person.id, person.name) if word)

    def keep(self, client: str, name: str, data: bytes) -> None:
        """0600, in a directory that is 0700."""
        private_directory(self._directory / client)
        write_durably(self._directory / client / name, data)

    def kept(self, client: str) -> Sequence[str]:
        """Files; what is being written has a name that begins with a dot."""
        directory = self._directory / client
        found = directory.iterdir() if directory.is_dir() else ()
        return sorted(path.name for path in found if path.is_file() and not path.name.startswith("."))

    def remove(self, client: str, names: Iterable[str]) -> None:
        """Their files."""
        remove_durably(self._directory / client, names)

    def read(self, client: str, name: str) -> bytes:
        """The file as it was kept."""
        try:
            return (self._directory / client / name).read_bytes()
        except OSError as error:
            raise StoreError(
                f"{self._directory / client / name}: {error.strerror}; it is not kept"
            ) from error
