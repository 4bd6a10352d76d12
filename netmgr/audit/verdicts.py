"""What a part of an audit says of one device."""

from collections.abc import Iterable
from dataclasses import dataclass

from netmgr.model.audit import Finding, Passed


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What is to be told, and what was looked at and holds. What has nothing to look into is neither."""

    findings: tuple[Finding, ...] = ()
    passed: tuple[Passed, ...] = ()


def together(verdicts: Iterable[Finding | Passed]) -> Verdicts:
    """Both kinds, each in their order."""
    every = tuple(verdicts)
    return Verdicts(
        tuple(one for one in every if isinstance(one, Finding)),
        tuple(one for one in every if isinstance(one, Passed)),
    )
