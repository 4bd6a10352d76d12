"""What a network was after each device's failure, phase by phase, as a table."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

Network = TypeVar("Network")


class Ends:
    """``devices`` are its columns; ``note`` each one's end."""

    def __init__(self, devices: Sequence[str]) -> None:
        self._devices = devices
        self._rows: dict[str, dict[str, str]] = defaultdict(dict)

    def note(self, phase: str, device: str, end: str) -> None:
        """What the network was."""
        self._rows[phase][device] = end

    def lines(self) -> Iterator[str]:
        """The table."""
        yield f"{'device k fails':44} {' '.join(f'{name:>8}' for name in self._devices)}"
        for phase, ends in self._rows.items():
            yield f"{phase:44} {' '.join(f'{ends.get(name, chr(45)):>8}' for name in self._devices)}"

    @contextmanager
    def of(
        self, boot: Callable[[Path], AbstractContextManager[Network]], workspace: Path
    ) -> Iterator[Network]:
        """The network, and the table once it is no longer used."""
        with boot(workspace) as found:
            yield found
        print("\n" + "\n".join(self.lines()))
