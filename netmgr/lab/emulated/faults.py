"""What goes wrong on purpose. A fault waits for a command, happens a number of times, and is noted in the journal."""

import re
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

What = Literal[
    "reject",  # the command is refused, with ``text`` as the reason
    "ignore",  # the command is answered as if it were done, and is not done
    "answer",  # ``text`` is the answer; the command is not done
    "lost",  # the command is done; the connection ends without an answer
    "cut",  # the connection ends before the command is done
    "hang",  # no answer, as long as the connection lasts
    "truncate",  # half of the answer, then the connection ends
    "flood",  # an answer of ``amount`` million bytes
    "drip",  # one byte of the answer each second
    "noise",  # the answer has ``text`` in it
    "expire",  # a pending commit's timer ends before the command is done
    "drift",  # ``text`` is typed into the running configuration before the command is done
    "revert",  # the command is done, then the device goes back to what ran before
]


@dataclass(slots=True)
class Fault:
    """``at`` is a regular expression for the whole command; ``times`` how often it happens, -1 for always.

    The first ``spared`` times that it could happen it does not.
    """

    at: str
    what: What
    text: str = ""
    amount: int = 0
    times: int = 1
    spared: int = 0

    def to_json(self) -> dict[str, Any]:
        """For the control channel."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """From ``to_json``."""
        return cls(**data)


class Faults:
    """The faults that wait on one device."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def meet(self, command: str, *kinds: What) -> Fault | None:
        """The first fault of these kinds that waits for the command; it has happened now."""
        for fault in self.waiting:
            if fault.what not in kinds or not fault.times or not re.fullmatch(fault.at, command, re.DOTALL):
                continue
            if fault.spared:
                fault.spared -= 1
                continue
            fault.times -= 1
            return fault
        return None
