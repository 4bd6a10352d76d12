"""Every kind of entry of which records are kept, and how they are folded."""

from typing import Final

from netmgr.model.record import Projections
from netmgr.service import (
    adjustment_record,
    contacts,
    invoice_record,
    mail_record,
    ticket_record,
    time_record,
)

PROJECTIONS: Final[Projections] = {
    adjustment_record.KIND: adjustment_record.PROJECTION,
    contacts.KIND: contacts.PROJECTION,
    invoice_record.KIND: invoice_record.INVOICES,
    invoice_record.PAYMENT: invoice_record.PAYMENTS,
    mail_record.KIND: mail_record.PROJECTION,
    ticket_record.KIND: ticket_record.PROJECTION,
    time_record.KIND: time_record.PROJECTION,
}
