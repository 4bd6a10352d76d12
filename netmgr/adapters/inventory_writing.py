"""Data → YAML that people like to read: block style, leaves on one line, text in quotes where it needs them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml

from netmgr.adapters.yaml_scalars import plain

#: Characters of a list on one line; a longer one has a line for each item.
_LONGEST_LIST = 90


class _Dumper(yaml.SafeDumper):
    """Quotes every text that a reader of any YAML version could take for something else; indents lists; no aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - PyYAML's
        super().increase_indent(flow, False)

    def serialize(self, node: yaml.Node) -> None:
        if isinstance(node, yaml.CollectionNode):
            node.flow_style = False
        super().serialize(node)

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        node = super().represent_mapping(tag, mapping, flow_style)
        node.flow_style = all(isinstance(value, yaml.ScalarNode) for _, value in node.value)
        return node

    def represent_sequence(
        self, tag: str, sequence: Any, flow_style: bool | None = None
    ) -> yaml.SequenceNode:
        node = super().represent_sequence(tag, sequence, flow_style)
        scalars = all(isinstance(value, yaml.ScalarNode) for value in node.value)
        node.flow_style = scalars and sum(len(str(value.value)) + 2 for value in node.value) <= _LONGEST_LIST
        return node


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    safe = plain(value) == (value, None) and value.isascii() and value.isprintable() and ":" not in value
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if safe else '"')


def _decimal(dumper: _Dumper, value: Decimal) -> yaml.ScalarNode:
    text = f"{value:f}"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Decimal, _decimal)


def written(document: Mapping[str, object], comment: str) -> str:
    """One YAML file under a comment of one line."""
    text: str = yaml.dump(dict(document), Dumper=_Dumper, sort_keys=False, width=110)
    return f"# {comment}\n{text}"


def chunk(value: object, column: int) -> str:
    """A piece of a YAML file that begins at a column: pairs of a mapping, or items of a list."""
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, width=110 - column)
    lines = text.splitlines(keepends=True)
    if isinstance(value, list) and lines:
        # PyYAML indents lists from where the mapping around them begins.
        shift = len(lines[0]) - len(lines[0].lstrip(" "))
        lines = [line[shift:] for line in lines]
    return "".join(f"{' ' * column}{line}" if line.strip() else line for line in lines)
