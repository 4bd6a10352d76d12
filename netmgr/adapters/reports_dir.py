"""Reports as files of the workspace's private directory."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from netmgr.adapters.package_templates import report_templates
from netmgr.adapters.private_files import private_directory, write_durably
from netmgr.adapters.typeset_pdf import WeasyPrint
from netmgr.ports.store import Signer
from netmgr.ports.typesetter import Typesetter


class ReportDirectory:
    """See ``netmgr.ports.reports.ReportDesk``. A directory for each client below ``directory``."""

    def __init__(self, directory: Path, signer: Signer) -> None:
        self._directory, self.signer = directory, signer

    @cached_property
    def templates(self) -> Mapping[str, str]:
        """The program's own."""
        return report_templates()

    @cached_property
    def typesetter(self) -> Typesetter:
        """WeasyPrint."""
        return WeasyPrint()

    def keep(self, client: str, name: str, data: bytes) -> None:
        """0600, in a directory that is 0700."""
        private_directory(self._directory / client)
        write_durably(self._directory / client / name, data)
