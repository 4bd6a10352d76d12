"""What is kept of an invoice is read from JSON again, whatever it was billed for."""

from netmgr.model.invoice_record import BilledEntries


def test_what_was_billed_is_the_same_read_again():
    made = BilledEntries(
        work=(1, 2), told=(3,), missed=(("resolution", 4), ("availability", 5)), corrections=(6,)
    )
    assert BilledEntries.model_validate(made.model_dump(mode="json")) == made
