"""config/netmgr.yaml: the workspace's settings, each with its default."""

import re
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from netmgr.model.audit import AuditPart
from netmgr.model.base import Frozen
from netmgr.model.fields import Items
from netmgr.model.lease import SECONDS
from netmgr.model.names import SecretRef
from netmgr.model.witness import WitnessPlace

SHARED = ("postgresql://", "postgres://")
"""How the URL of a store begins that several engineers share."""

_STORE = r"^(sqlite:///.|postgres(ql)?://)"
#: libpq's connection URI (PostgreSQL's manual, 34.1.1.2): a password before the first @, or as a parameter.
_PASSWORD = re.compile(r"^[a-z]+://[^@]*:[^@]*@|[?&](ssl)?password=", re.IGNORECASE)


def _store(value: str) -> str:
    """Messages never quote the value: it may hold a password."""
    if not re.match(_STORE, value):
        raise ValueError("is not a store; write sqlite:///PATH or postgresql://USER@HOST:PORT/DATABASE")
    if _PASSWORD.search(value):
        raise ValueError(
            "must not hold a password; write store_password: secret://…, or use libpq's passfile or service"
        )
    return value


class LabSettings(Frozen):
    """The lab. ``overlay`` is device data merged last when the target is the lab (short timers, mostly)."""

    overlay: Any = None
    """Kept as it was read, so that each value still knows its line; checked as device data by the adapter."""
    lldp: bool = False
    """Whether the lab's devices run lldpd (IEEE 802.1AB)."""
    debian_hosts: bool = False
    """Whether hosts of platform ``linux`` have a Debian of their own (`netmgr lab setup --hosts`)."""


class DeploySettings(Frozen):
    """Changes. ``workers`` devices are spoken to at a time; ``timeout`` is for one answer, in seconds.

    ``lease`` is how long, in seconds, a command that writes may be silent before another may take over.
    """

    workers: int = Field(default=50, ge=1, le=1000)
    timeout: int = Field(default=15, ge=1, le=3600)
    lease: int = Field(default=SECONDS, ge=1, le=86_400)


class AuditSettings(Frozen):
    """Audits. ``parts`` are those that are looked at where the command names none."""

    parts: Annotated[Items[AuditPart], Field(min_length=1)] = ("configuration", "compliance")
    sweep_hours: int = Field(default=24, ge=1, le=8784)
    """After how many hours ``audit --changed`` reads a device whatever it says."""


class PlaybookRules(Frozen):
    """Playbooks. ``forks`` hosts are worked on at a time."""

    local: Items[str] = ()
    """Playbooks that may work on the machine that runs netmgr, by name."""
    forks: int = Field(default=20, ge=1, le=500)


_RECIPIENT = r"age1[02-9ac-hj-np-z]{58}"


def _recipient(value: str) -> str:
    if not re.fullmatch(_RECIPIENT, value):
        # Not shown: somebody may have put the secret key here.
        raise ValueError("is no public age key; write the age1… that `netmgr backup key FILE` prints")
    return value


Recipient = Annotated[
    str, AfterValidator(_recipient), WithJsonSchema({"type": "string", "pattern": f"^{_RECIPIENT}$"})
]


class BackupSettings(Frozen):
    """``recipients`` are public age keys beside the workspace's own; one at least is of an identity kept offline."""

    recipients: Items[Recipient] = ()


class StateSettings(Frozen):
    """Archives of netmgr's own state (the store, keys, files, git) in a second place.

    Encrypted to every one of ``recipients``, of which one's identity lies where no fire of the first place reaches it.
    """

    to: str = Field(min_length=1)
    """A directory, absolute or from the workspace: another machine's disk, mounted here."""
    recipients: Items[Recipient] = Field(min_length=2)
    keep: int = Field(default=30, ge=1, le=10_000)
    """How many archives stay."""

    @model_validator(mode="after")
    def _two_keys(self) -> Self:
        if len(set(self.recipients)) < 2:
            raise ValueError("recipients: name two different keys at least, one of them kept offline")
        return self


class Settings(Frozen):
    """The whole file."""

    store: (
        Annotated[str, AfterValidator(_store), WithJsonSchema({"type": "string", "pattern": _STORE})] | None
    ) = None
    """Where the service log lives: ``sqlite:///PATH``, or a libpq URI for a store that several engineers share.

    None is ``.netmgr/store.db`` in the workspace.
    """
    store_password: SecretRef | None = None
    """The database's password; None leaves it to libpq (passfile, service, peer authentication)."""
    deploy: DeploySettings = DeploySettings()
    lab: LabSettings = LabSettings()
    audit: AuditSettings = AuditSettings()
    playbooks: PlaybookRules = PlaybookRules()
    backups: BackupSettings = BackupSettings()
    witnesses: Items[WitnessPlace] = ()
    """Who keeps checkpoints of every client's log."""
    state: StateSettings | None = None
    """None: netmgr's own state is not copied anywhere."""

    @property
    def shared_store(self) -> str | None:
        """The URL of a store that several engineers share, if it is one."""
        return self.store if self.store and self.store.startswith(SHARED) else None

    @model_validator(mode="after")
    def _password_fits(self) -> Self:
        if self.store_password and not self.shared_store:
            raise ValueError("store_password is for a store postgresql://…; remove it, or name that store")
        return self
