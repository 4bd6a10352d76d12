"""A configuration as Junos shows it: in braces, as ``set`` lines, as XML, and the difference of two."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from netmgr.lab.emulated.junos.tree import Key, Node
from netmgr.lab.emulated.junos.words import quoted


def braces(nodes: list[Node], depth: int = 0) -> Iterator[str]:
    """Lines of configuration in curly braces."""
    for node in nodes:
        yield from _braces(node, "    " * depth)


def _braces(node: Node, indent: str) -> Iterator[str]:
    statement = node.statement
    tag = "inactive: " if node.inactive else ""
    head = " ".join(quoted(word) for word in _own(node))
    values = " ".join(quoted(value) for value in node.values)
    if len(node.values) > 1:
        values = f"[ {values} ]"
    head = " ".join(part for part in (head, values) if part)
    note = " ## SECRET-DATA" if statement.storing else ""
    below = node.ordered()
    if not below:
        yield f"{indent}{tag}{head};{note}"
    elif statement.joined:
        for child in below:
            for line in _braces(child, ""):
                lead = f"{tag}{head} " if not line.startswith((" ", "}")) else ""
                yield f"{indent}{lead}{line}"
    elif statement.one_line and len(below) == 1 and not below[0].children and not below[0].inactive:
        (line,) = _braces(below[0], "")
        yield f"{indent}{tag}{head} {line}"
    else:
        yield f"{indent}{tag}{head} {{"
        for child in below:
            yield from _braces(child, indent + "    ")
        yield f"{indent}}}"


def set_lines(nodes: list[Node], path: tuple[str, ...] = ()) -> Iterator[str]:
    """``set`` lines, and one ``deactivate`` after those of each statement that is inactive."""
    for node in nodes:
        here = (*path, *(quoted(word) for word in _own(node)))
        for value in node.values:
            yield " ".join(("set", *here, quoted(value)))
        below = node.ordered()
        if not below and not node.values:
            yield " ".join(("set", *here))
        yield from set_lines(below, here)
        if node.inactive:
            yield " ".join(("deactivate", *here))


def xml(nodes: list[Node], parent: ET.Element) -> ET.Element:
    """The statements as elements below ``parent``."""
    for node in nodes:
        statement = node.statement
        tag = statement.element or (node.keys[0] if node.keys else "name")
        if statement.kind in ("leaf", "values") and not statement.keys:
            leafs = [ET.SubElement(parent, tag) for _ in node.values] or [ET.SubElement(parent, tag)]
            for leaf, value in zip(leafs, node.values, strict=False):
                # A value beside statements has an element of its own: as-number, and the like.
                apart = statement.named or tag in VALUE_ELEMENTS
                holder = ET.SubElement(leaf, VALUE_ELEMENTS.get(tag, "value")) if apart else leaf
                holder.text = value
            element = leafs[0]
        else:
            element = ET.SubElement(parent, tag)
            if node.keys and statement.element:
                ET.SubElement(element, "name").text = " ".join(node.keys)
            for value in node.values:
                ET.SubElement(element, "value").text = value
        if node.inactive:
            element.set("inactive", "inactive")
        xml(node.ordered(), element)
    return parent


VALUE_ELEMENTS = {
    "autonomous-system": "as-number",
    "local-as": "as-number",
    "confederation": "confederation-as",
    "802.3ad": "bundle",
    "vrf-target": "community",
    "backup-router": "address",
    "teardown": "limit-threshold",
    "route-distinguisher": "rd-type",
}


def compared(old: Node, new: Node) -> list[str]:
    """What ``show | compare`` prints: the lines that go and come, under the place where they stand."""
    return list(_compared(old, new, ()))


def _compared(old: Node, new: Node, path: tuple[str, ...]) -> Iterator[str]:
    lines: list[str] = []
    gone = [node for key, node in old.children.items() if key not in new.children]
    come = [node for key, node in new.children.items() if key not in old.children]
    both = [(node, new.children[key]) for key, node in old.children.items() if key in new.children]
    for before, after in both:
        if before.values != after.values:
            gone.append(_bare(before))
            come.append(_bare(after))
        elif before.inactive != after.inactive:
            lines.append(f"!  {'inactive' if after.inactive else 'active'}: {' '.join(_own(after))}")
    lines += [f"-{_indented(line)}" for node in gone for line in _braces(node, "  ")]
    lines += [f"+{_indented(line)}" for node in come for line in _braces(node, "  ")]
    if lines:
        yield " ".join(("[edit", *path)) + "]"
        yield from lines
    if not lines and _common(old, new) != _common(new, old):
        yield " ".join(("[edit", *path)) + "]"
        yield "!   order of statements"
    for before, after in both:
        yield from _compared(before, after, (*path, *(quoted(word) for word in _own(after))))


def _common(one: Node, other: Node) -> list[Key]:
    """What both have, in the order of the first."""
    return [node.key for node in one.ordered() if node.key in other.children]


def _bare(node: Node) -> Node:
    return Node(node.statement, node.keys, node.values, node.inactive)


def _indented(line: str) -> str:
    """Blocks stand one column further right than single statements."""
    return f" {line}" if line.endswith(("{", "}")) or line.startswith("      ") else line


def _own(node: Node) -> list[str]:
    return [*([node.statement.name] if node.statement.name else []), *node.keys]
