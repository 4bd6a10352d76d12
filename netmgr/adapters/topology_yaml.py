"""A published topology's file (``nodes``, ``links``) → PublishedTopology."""

from collections.abc import Iterator
from pathlib import Path

from netmgr.adapters.inventory_files import read_file
from netmgr.adapters.schema_problems import validated
from netmgr.adapters.yaml_lines import parse
from netmgr.errors import InputError
from netmgr.intent.topology_import import MAX_LINKS, MAX_NODES
from netmgr.model.origins import LocatedDict, Origin, Problem, locate
from netmgr.model.suggest import did_you_mean
from netmgr.model.topology import PublishedTopology


def read_topology_file(path: Path) -> PublishedTopology:
    """The topology that a file holds. Raises InputError with every problem, at lines of ``path`` as it was given."""
    shown = str(path)
    content = read_file(path, shown)
    problems: list[Problem] = []
    topology = None
    if content is None:
        problems.append(Problem(Origin(shown, 1), "there is no such file; name a topology's YAML file"))
    elif isinstance(content, Problem):
        problems.append(content)
    else:
        file = parse(content, shown, problems)
        topology = validated(PublishedTopology, file, problems, file.origin) if file is not None else None
        if file is not None and topology is not None:
            problems += _inconsistent(file, topology)
    if problems or topology is None:
        raise InputError([str(problem) for problem in sorted(set(problems))])
    return topology


def _inconsistent(file: LocatedDict, topology: PublishedTopology) -> Iterator[Problem]:
    """Twin nodes, and links that do not join two of the nodes."""
    known: dict[str, int] = {}
    for index, node in enumerate(topology.nodes):
        first = known.setdefault(node.name, index)
        if first != index:
            origin, there = (locate(file, ("nodes", i), file.origin) for i in (index, first))
            yield Problem(origin, f"node {node.name} was already given at {there}; remove one")
    for index, ends in enumerate(topology.links):
        origin = locate(file, ("links", index), file.origin)
        if len(ends) != 2:
            yield Problem(origin, f"a link has two ends, not {len(ends)}; write [node, node]")
        elif ends[0] == ends[1]:
            yield Problem(origin, f"the link joins {ends[0]} with itself; name two nodes")
        for end in dict.fromkeys(ends):
            if end not in known:
                yield Problem(origin, f"the link's end {end} is no node; {did_you_mean(end, known)}")
    for what, count, limit in (
        ("nodes", len(topology.nodes), MAX_NODES),
        ("links", len(topology.links), MAX_LINKS),
    ):
        if count > limit:
            yield Problem(
                locate(file, (what,), file.origin),
                f"{count} {what} are more than {limit}; split the topology",
            )
