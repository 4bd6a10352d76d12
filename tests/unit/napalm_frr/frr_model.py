"""A small model of how FRR takes commands: enough of it that a wrong delta goes wrong here too.

The real thing is in tests/lab/frr_driver; this one is fast enough for thousands of pairs of configurations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napalm_frr.device.canonical import opens_section

if TYPE_CHECKING:
    from napalm_frr.device.order import Path, Tree

IMPLIED = ("interface ", "vrf ", "line vty", "link-params", "address-family ")
ONE_VALUE = (
    "description ",
    "ip ospf cost ",
    "bgp router-id ",
    "set metric ",
    "set as-path prepend ",
    "ip prefix-list A seq 5 ",
    "ip prefix-list A seq 10 ",
)
REMOVED_FIRST = ("ip ospf area ", "ip ospf message-digest-key 1 ")


class Rejected(Exception):
    """FRR would complain about the command."""


class Device:
    """A running configuration that takes changes one after the other."""

    def __init__(self, tree: Tree) -> None:
        self.tree = copy(tree)

    def take(self, changes: list[Path]) -> Tree:
        """Give it the changes; what it reads as then."""
        for path in changes:
            self._command(self._section(path[:-1]), path)
        drop_empty(self.tree)
        return self.tree

    def _section(self, path: Path) -> Tree:
        tree = self.tree
        for depth, line in enumerate(path, 1):
            if line not in tree and not line.startswith(IMPLIED):
                raise Rejected(f"no section {path[:depth]}")
            tree = tree.setdefault(line, {})
        return tree

    def _command(self, tree: Tree, path: Path) -> None:
        line = path[-1]
        if line == "exec-timeout 10 0":
            line = "no exec-timeout"
        if line.startswith("no ") and self._undo(tree, line[3:]):
            return
        if f"no {line}" in tree:
            del tree[f"no {line}"]
            return
        if line.startswith("no ") and not line.startswith(("no bgp ", "no ip", "no neighbor ")):
            raise Rejected(f"nothing to undo: {path}")
        if opens_section(path):
            tree.setdefault(line, {})
            return
        words = line.split(" seq ", 1)
        if len(words) == 2 and self._holds(tree, words[0], words[1].partition(" ")[2]):
            raise Rejected(f"the list holds this rule already: {line}")
        self._make_room(tree, line)
        tree[line] = {}

    @staticmethod
    def _holds(tree: Tree, name: str, rule: str) -> bool:
        """FRR drops a rule that the list holds already, whatever its number, though it says nothing."""
        return any(known.startswith(f"{name} seq ") and known.endswith(f" {rule}") for known in tree)

    def _undo(self, tree: Tree, line: str) -> bool:
        words = line.split(" ")
        if words[0] == "neighbor" and (
            len(words) == 2 or words[2] in ("remote-as", "peer-group", "interface")
        ):
            return self._forget(tree, words[1])
        if line in ("description", "exec-timeout", "set as-path prepend"):
            found = [known for known in tree if known.startswith(line + " ")]
            for known in found:
                del tree[known]
            return bool(found)
        return tree.pop(line, None) is not None

    def _forget(self, tree: Tree, name: str) -> bool:
        """A neighbor goes with all its lines; a peer group with its members."""
        members = [line.split(" ")[1] for line in tree if line.endswith(f" peer-group {name}")]
        known = False
        for section in (tree, *(tree[line] for line in tree if line.startswith("address-family "))):
            for line in list(section):
                words = line.removeprefix("no ").split(" ")
                if words[:2] == ["neighbor", name] or (words[0] == "bgp" and words[-1] == name):
                    del section[line]
                    known = True
        for member in members:
            if member != "range":
                self._forget(tree, member)
        return known

    def _make_room(self, tree: Tree, line: str) -> None:
        words = line.split(" ")
        if words[0] == "neighbor" and len(words) > 2:
            kind = words[2]
            if kind in ("remote-as", "description", "timers"):
                self._replace(tree, f"neighbor {words[1]} {kind} ")
            elif kind == "peer-group" and len(words) == 4:
                if f"neighbor {words[3]} peer-group" not in tree:
                    raise Rejected(f"no such group: {line}")
                if any(known.startswith(f"neighbor {words[1]} peer-group ") for known in tree):
                    raise Rejected(f"in another group: {line}")
            if kind not in ("remote-as", "peer-group", "interface") and not self._is_neighbor(words[1]):
                raise Rejected(f"no such neighbor: {line}")
        for start in ONE_VALUE:
            if line.startswith(start):
                self._replace(tree, start)
        for start in REMOVED_FIRST:
            if line.startswith(start) and any(known.startswith(start) for known in tree):
                raise Rejected(f"has to be removed first: {line}")

    def _is_neighbor(self, name: str) -> bool:
        makes = (f"neighbor {name} remote-as ", f"neighbor {name} peer-group", f"neighbor {name} interface ")
        sections = (lines for section, lines in self.tree.items() if section.startswith("router bgp"))
        return any(line.startswith(makes) for lines in sections for line in lines)

    @staticmethod
    def _replace(tree: Tree, start: str) -> None:
        for known in [known for known in tree if known.startswith(start)]:
            del tree[known]


def copy(tree: Tree) -> Tree:
    """A deep copy."""
    return {line: copy(inner) for line, inner in tree.items()}


def drop_empty(tree: Tree) -> None:
    """Forget sections that FRR does not show."""
    for line in list(tree):
        drop_empty(tree[line])
        if line.startswith(IMPLIED) and not tree[line]:
            del tree[line]
