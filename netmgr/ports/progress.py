"""Who waits is told what is happening."""

from typing import Protocol


class Progress(Protocol):
    """Long work told as it goes: a line for each phase, and how much of the phase is done."""

    def __call__(self, message: str) -> None:
        """A phase begins, or says something new; a repeated message is one message."""

    def step(self, done: int, total: int) -> None:
        """``done`` of the phase's ``total`` devices have answered. May be called from any thread."""


class Silent:
    """A ``Progress`` that tells nobody."""

    def __call__(self, message: str) -> None:
        """Nothing."""

    def step(self, done: int, total: int) -> None:
        """Nothing."""
