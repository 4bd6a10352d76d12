"""Files that go with letters: reports as they are kept, encrypted for their reader where that is said."""

from netmgr.adapters.reports_dir import ReportDirectory
from netmgr.errors import StoreError
from netmgr.model.digest import sha256_hex
from netmgr.model.letter import Enclosure
from netmgr.ports.carrier import Attachment, NotDeliveredError


class Enclosures:
    """See ``netmgr.ports.post.Enclose``."""

    def __init__(self, reports: ReportDirectory) -> None:
        self._reports = reports

    def __call__(self, client: str, enclosure: Enclosure) -> Attachment:
        """A file that cannot be read is tried again later; another one than was meant is never sent."""
        try:
            data = self._reports.read(client, enclosure.kept)
        except StoreError as error:
            raise NotDeliveredError(str(error)) from error
        if sha256_hex(data) != enclosure.digest:
            raise NotDeliveredError(f"{enclosure.kept}: it is not what was issued", final=True)
        if enclosure.key is None:
            return Attachment(enclosure.name, enclosure.type, data)
        return Attachment(
            f"{enclosure.name}.age", "application/octet-stream", _encrypted(data, enclosure.key)
        )


def _encrypted(data: bytes, key: str) -> bytes:
    import pyrage

    try:
        return bytes(pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(key)]))
    except pyrage.RecipientError as error:
        raise NotDeliveredError(f"the contact's age key is none: {error}", final=True) from error
