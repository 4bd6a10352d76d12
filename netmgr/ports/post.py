"""What telling people needs of the workspace: who is told of what, and in which words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from netmgr.model.client import Client
from netmgr.model.letter import Enclosure
from netmgr.model.notify_settings import NotifySettings
from netmgr.ports.carrier import Attachment, Carrier, NotDeliveredError
from netmgr.ports.outbox import Outbox


class NotifyFiles(Protocol):
    """config/notify.yaml, config/notify/, and whom a client names."""

    def settings(self) -> NotifySettings:
        """Who is told of what; nobody where there is no file. Raises InputError with every problem."""

    def client(self, client: str) -> Client:
        """client.yaml alone: nobody needs a client's devices to tell people. Raises InputError."""

    def templates(self) -> Mapping[str, str]:
        """The workspace's templates by file name, which stand in place of the program's own. Raises InputError."""

    @property
    def own_templates(self) -> Mapping[str, str]:
        """The program's own."""


Enclose = Callable[[str, Enclosure], Attachment]
"""The file of a client's letter, read when it is sent. Raises NotDeliveredError where it is not what was meant."""


def _nothing(client: str, enclosure: Enclosure) -> Attachment:
    raise NotDeliveredError(f"{client}: {enclosure.name} is not kept here", final=True)


@dataclass(frozen=True, slots=True)
class Post:
    """The outbox, and who carries its messages: way (``mail``, ``webhook``) → carrier, for these settings."""

    files: NotifyFiles
    outbox: Outbox
    carriers: Callable[[NotifySettings], Mapping[str, Carrier]]
    enclose: Enclose = _nothing
