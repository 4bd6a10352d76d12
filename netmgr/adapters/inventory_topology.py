"""topology.yaml: links, redundancy groups, entry points. One wrong link does not hide the others' problems."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from netmgr.adapters.schema_problems import validated
from netmgr.model.base import Frozen
from netmgr.model.fields import Items
from netmgr.model.inventory import Link
from netmgr.model.names import Identifier
from netmgr.model.origins import LocatedDict, LocatedList, Problem


class _TopologyFile(Frozen):
    links: Items[object] = ()
    redundancy: Items[Items[Identifier]] = ()
    entry: Items[Identifier] = ()


@dataclass(frozen=True, slots=True)
class Topology:
    """What is right in the file; ``written`` is how it stands there, without the links that are wrong."""

    links: tuple[Link, ...] = ()
    redundancy: tuple[tuple[str, ...], ...] = ()
    entry: tuple[str, ...] = ()
    written: Mapping[str, object] = field(default_factory=dict)


def read_topology(file: LocatedDict | None, problems: list[Problem]) -> Topology:
    """The topology; an empty one where the file could not be read."""
    if file is None:
        return Topology()
    shape = validated(_TopologyFile, file, problems, file.origin)
    links, written = [], file.get("links")
    kept = LocatedList(file.origin)
    if isinstance(written, LocatedList):
        for item, origin in zip(written, written.at, strict=True):
            link = validated(Link, item, problems, origin)
            if link:
                links.append(link)
                kept.put(item, origin)
    return Topology(
        links=tuple(links),
        redundancy=shape.redundancy if shape else (),
        entry=shape.entry if shape else (),
        written={str(key): kept if key == "links" else value for key, value in file.items()},
    )
