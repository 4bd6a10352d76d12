"""From one Junos configuration to another by what differs: nothing else is deleted, nothing else is set."""

from collections.abc import Iterator

from netmgr.platforms.form import Remediation
from netmgr.platforms.junos.canonical import keeps_order
from netmgr.platforms.junos.text import Path, quoted
from netmgr.platforms.junos.tree import Node, lines, parse


def remediation(running: str, target: str) -> Remediation:
    """See ``PlatformForm.remediation``. In a candidate only the end counts: nothing goes wrong on the way."""
    script = "".join(f"{line}\n" for line in _steps(parse(running), parse(target), ()))
    return Remediation(script)


def _steps(before: Node, after: Node, path: Path) -> Iterator[str]:
    """What brings the tree at a path to another one; what only goes is deleted where it begins."""
    if before == after:
        return
    shown = " ".join(map(quoted, path))
    if before.protected:
        yield f"unprotect {shown}"
    if path and (_other_values(before, after) or _other_order(before, after, path)):
        yield f"delete {shown}"
        yield from lines(after, path)
        return
    for word in before.children:
        if word not in after.children:
            yield from _deleted(before.children[word], (*path, word))
    for word, node in after.children.items():
        there = before.children.get(word)
        yield from lines(node, (*path, word)) if there is None else _steps(there, node, (*path, word))
    if before.inactive != after.inactive:
        yield f"{'deactivate' if after.inactive else 'activate'} {shown}"
    if after.protected:
        yield f"protect {shown}"


def _deleted(node: Node, path: Path) -> Iterator[str]:
    yield from (f"un{line}" for line in lines(node, path) if line.startswith("protect "))
    yield f"delete {' '.join(map(quoted, path))}"


def _other_values(before: Node, after: Node) -> bool:
    """Whether nothing but values follows, and one of them is replaced: it may be the only one that the word takes."""
    lost, new = before.children.keys() - after.children.keys(), after.children.keys() - before.children.keys()
    nodes = (*before.children.values(), *after.children.values())
    return bool(lost and new) and not any(node.children for node in nodes)


def _other_order(before: Node, after: Node, path: Path) -> bool:
    """Whether what is new or stays would stand elsewhere than it should, where that means something."""
    if not keeps_order(path):
        return False
    kept = [word for word in before.children if word in after.children]
    return kept != list(after.children)[: len(kept)]
