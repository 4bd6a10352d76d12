"""`backup_sets` in client.yaml: what is backed up, how old it may become, how long it is kept, and where else."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from netmgr.model.base import Frozen
from netmgr.model.duration import Duration
from netmgr.model.fields import Items, Name, Text, shown
from netmgr.model.git_remote import GitRemote
from netmgr.model.names import Identifier
from netmgr.model.scope import Glob
from netmgr.model.selection import Selection


def _absolute(value: str) -> str:
    if not value.startswith("/") or ".." in value.split("/"):
        raise ValueError(f"{shown(value)} is no absolute path; write it from / on, without ..")
    return value


AbsolutePath = Annotated[Text, AfterValidator(_absolute)]


class SecondCopy(Frozen):
    """Where a set is besides: a ``directory`` (another machine's disk, mounted here), or a ``git`` remote."""

    directory: AbsolutePath | None = None
    git: GitRemote | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.directory is None) == (self.git is None):
            raise ValueError("a second copy is in one place; write directory or git")
        return self


class _Set(Frozen):
    """What every set has.

    ``rpo`` is how old the newest backup may be, ``rto`` how long bringing it back may take, ``retention`` how long a
    version is kept (for ever where nothing is said), ``drill`` how often bringing it back is tried.
    """

    devices: Items[Glob] = ()
    role: Name | None = None
    site: Identifier | None = None
    rpo: Duration
    rto: Duration | None = None
    retention: Duration | None = None
    second_copy: SecondCopy | None = None
    drill: Duration | None = None

    @property
    def selection(self) -> Selection:
        """The devices that it is of; all of them where nothing is said."""
        return Selection(names=self.devices, role=self.role, site=self.site)


class ConfigurationSet(_Set):
    """Configurations of network devices: `netmgr backup run`."""

    kind: Literal["configuration"]


class FilesSet(_Set):
    """Files of hosts, by a playbook."""

    kind: Literal["files"]
    paths: Annotated[Items[AbsolutePath], Field(min_length=1)]
    playbook: Name


class DatabaseSet(_Set):
    """A database of a host, by a playbook."""

    kind: Literal["database"]
    database: Name
    playbook: Name


AnySet = Annotated[ConfigurationSet | FilesSet | DatabaseSet, Field(discriminator="kind")]
BackupSets = Mapping[Identifier, AnySet]
"""A client's sets by name."""
