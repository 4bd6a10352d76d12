"""A Junos configuration while it is read into device data: its tree, and which of its lines the data says."""

from typing import Any

from netmgr.platforms.adopting import Reading
from netmgr.platforms.junos.text import command
from netmgr.platforms.junos.tree import Node, parse

Data = dict[str, Any]


class Reader:
    """``root`` is the configuration; what is inactive is left alone. Words make the path of a statement."""

    def __init__(self, config: str) -> None:
        self.root = parse(config)
        self.reading = Reading((line,) for line in config.splitlines())
        self._lines = {command(line): line for line in config.splitlines()}
        self._instances = {
            interface: instance
            for instance, node in self.root.items("routing-instances")
            for interface in node.at("interface").children
        }
        self._used: set[tuple[str | None, str]] = set()

    def take(self, feature: str, *path: str) -> None:
        """The data says the statement at a path; where longer ones show it, it has no line of its own."""
        line = self._lines.get(("set", path))
        if line is not None:
            self.reading.take(feature, (line,))

    def take_inactive(self, feature: str, *path: str) -> None:
        """The data says that what stands at a path is inactive."""
        self.reading.take(feature, (self._lines["deactivate", path],))

    def first_use(self, interface: str, address: str) -> bool:
        """Whether no other interface of the routing instance has the address; ``interface`` is a logical one."""
        key = self._instances.get(interface), address.partition("/")[0]
        known = key in self._used
        self._used.add(key)
        return not known

    def secret(self, value: str, *words: str) -> str:
        """The reference that stands for a secret."""
        return self.reading.secret(value, *words)


def plain(node: Node) -> str | None:
    """The one word that follows a node with nothing after it; None where there is none, several, or more."""
    if len(node.children) != 1 or node.inactive:
        return None
    ((word, after),) = node.children.items()
    return None if after.children or after.inactive else word


def leaves(node: Node) -> tuple[str, ...] | None:
    """The words that follow a node, nothing after any of them; None where something does."""
    if node.inactive or any(after.children or after.inactive for after in node.children.values()):
        return None
    return tuple(node.children)


def flagged(node: Node) -> bool:
    """Whether something at or below a node is inactive or protected."""
    return node.inactive or node.protected or any(map(flagged, node.children.values()))
