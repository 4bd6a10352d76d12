"""What Junos finds only when it commits: statements that each are well, and do not go together."""

from collections.abc import Iterator

from netmgr.lab.emulated.junos.tree import Node

Mistake = tuple[str, str]
"""The message, and where ``[edit …]``."""


def mistakes(root: Node) -> list[Mistake]:
    """Every mistake, in Junos's words."""
    found = list(_root_password(root))
    for instance in (root, *root.entries("routing-instances")):
        found += _bgp(root, instance)
    return found


def _root_password(root: Node) -> Iterator[Mistake]:
    if root.find("system") and not root.find("system", "root-authentication"):
        yield "Missing mandatory statement: 'root-authentication'", "[edit system]"


def _bgp(root: Node, instance: Node) -> Iterator[Mistake]:
    for group in instance.entries("protocols", "bgp", name="group"):
        name = group.keys[0]
        where = f"[edit protocols bgp group {name}]"
        yield from _policies(root, group)
        for neighbor in (child for child in group.ordered() if child.statement.name == "neighbor"):
            yield from _policies(root, neighbor)
            external = group.value("type") == "external"
            if external and not (neighbor.value("peer-as") or group.value("peer-as")):
                address = neighbor.keys[0]
                message = (
                    f"Error in neighbor {address} of group {name}:\n"
                    "peer AS number must be configured for an external peer"
                )
                yield message, where


def _policies(root: Node, node: Node) -> Iterator[Mistake]:
    for way in ("import", "export"):
        used = node.find(way)
        for policy in used.values if used else ():
            if policy.isidentifier() and not root.find("policy-options", "policy-statement", policy):
                yield (
                    f"Policy error: Policy {policy} referenced but not defined",
                    f"[edit protocols bgp {way}]",
                )
