"""What a platform's reader makes of a running configuration: device data, and what that data does not say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from netmgr.model.base import Frozen
from netmgr.model.names import Target


@dataclass(frozen=True, slots=True)
class AdoptedLine:
    """One line of a canonical configuration, as it stands there, indentation included.

    ``feature`` is the one whose words it is (a name of netmgr.intent.features.FEATURES), None where the model has no
    such feature. ``explained`` tells whether the device data says it; else it stands in ``extra_config``.
    """

    text: str = field(repr=False)
    feature: str | None
    explained: bool


class Coverage(Frozen):
    """How many of a feature's lines the device data explains. ``feature`` None: what the model does not have."""

    feature: str | None
    lines: int
    explained: int


@dataclass(frozen=True, slots=True)
class Adopted:
    """One device's configuration as device data.

    ``data`` is what ``data:`` in hosts.yaml would hold, in plain values. Secrets stand in it, also in ``extra_config``,
    as ``secret://age/NAME``, and ``secrets`` gives each name's value: equal values have one name. ``lines`` are all the
    lines of the canonical text in its order.

    The law: what is resolved and rendered from ``data`` has, with the secrets in their places, the same canonical form
    as the configuration that it was made of.
    """

    data: Mapping[str, object] = field(repr=False)
    lines: tuple[AdoptedLine, ...] = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """For each feature, in the order of the names; what is of no feature comes last."""
        count: dict[str | None, list[int]] = {}
        for line in self.lines:
            found = count.setdefault(line.feature, [0, 0])
            found[0] += 1
            found[1] += line.explained
        names = sorted((name for name in count if name is not None), key=str)
        return tuple(
            Coverage(feature=name, lines=count[name][0], explained=count[name][1])
            for name in (*names, *((None,) if None in count else ()))
        )

    @property
    def unexplained(self) -> tuple[AdoptedLine, ...]:
        """The lines that stand in ``extra_config``."""
        return tuple(line for line in self.lines if not line.explained)


Key = str | int


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to what hosts.yaml says of a device, ``path`` from its ``data`` on. A value of None is written as
    null, which removes what is inherited.
    """

    path: tuple[Key, ...]
    value: object = None
    remove: bool = False


class UnexplainedLine(Frozen):
    """A line that stays verbatim, without its secret; the feature whose words it is, if any."""

    line: str
    feature: str | None


class AdoptedDevice(Frozen):
    """One device's part of an adoption.

    ``status``: ``adopted`` the inventory says what the device runs; ``proposed`` it would, once the files are written;
    ``unreachable`` and ``error`` were left out. ``source`` is where the configuration came from.
    """

    device: str
    status: Literal["adopted", "proposed", "unreachable", "error"]
    source: Literal["device", "file"] = "device"
    changed: bool = False
    """Whether what the files say of it changes."""
    running: str | None = None
    """Digest of the canonical configuration."""
    facts: Mapping[str, str] = {}
    lines: int = 0
    explained: int = 0
    coverage: tuple[Coverage, ...] = ()
    unexplained: tuple[UnexplainedLine, ...] = ()
    secrets: tuple[str, ...] = ()
    """References of the secrets that its configuration holds."""
    error: str | None = None


class FileChange(Frozen):
    """What changes in one of the client's files."""

    path: str
    diff: str


class Adoption(Frozen):
    """What was read, and what becomes of the files. ``links`` are new ones; ``warnings`` are for people."""

    client: str
    target: Target
    time: str
    seconds: float
    written: bool
    asks: bool
    """Whether writing takes a yes: something that stands in the files changes, or a device is adopted already."""
    devices: tuple[AdoptedDevice, ...]
    links: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    """References of the secrets that move into the store."""
    files: tuple[FileChange, ...] = ()
    warnings: tuple[str, ...] = ()
