"""Every kind of entry of which records are kept, and how they are folded."""

from typing import Final

from netmgr.model.record import Projections
from netmgr.service import contacts, ticket_record

PROJECTIONS: Final[Projections] = {
    contacts.KIND: contacts.PROJECTION,
    ticket_record.KIND: ticket_record.PROJECTION,
}
