"""A mailbox as witness: each checkpoint is a mail, and what was delivered stays with who received it."""

from netmgr.adapters.witness_files import line_of
from netmgr.errors import StoreError
from netmgr.model.checkpoint import Checkpoint
from netmgr.ports.carrier import Carrier, Message, NotDeliveredError
from netmgr.ports.clock import Clock

_TEXT = """\
This is a checkpoint of the service log of {client}: a signature under its entry {seq}. Keep this mail. With it you can
prove later that nothing up to that entry was edited, removed or reordered (netmgr log verify --against FILE).

{line}"""


class MailWitness:
    """See ``netmgr.ports.witness.Witness``. Kept means that the mail server has taken it."""

    kind = "mail"

    def __init__(self, carrier: Carrier, address: str, clock: Clock) -> None:
        self._carrier, self._address, self._clock = carrier, address, clock

    def keep(self, checkpoint: Checkpoint) -> None:
        """One mail."""
        line = line_of(checkpoint)
        message = Message(
            id=f"checkpoint-{checkpoint.client}-{checkpoint.seq}-{checkpoint.hash[:16]}",
            recipient=f"mail:{self._address}",
            created=self._clock.now(),
            subject=f"Checkpoint of the service log of {checkpoint.client}: entry {checkpoint.seq}",
            text=_TEXT.format(client=checkpoint.client, seq=checkpoint.seq, line=line.decode()),
            payload=line,
        )
        try:
            self._carrier.send(message)
        except NotDeliveredError as error:
            raise StoreError(f"mail to {self._address}: {error}") from error
        finally:
            self._carrier.close()
