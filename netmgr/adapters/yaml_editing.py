"""Edits of YAML that people wrote: what an edit does not concern stays as it is, byte for byte, comments included.

Libraries that write whole documents again (ruamel.yaml) hold a comment by the value before it, and lose it with that
value; they also join lines that somebody broke. Here only the lines of the key that changes are replaced.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from netmgr.adapters.inventory_writing import chunk
from netmgr.adapters.yaml_scalars import plain
from netmgr.model.adoption import Edit, Key

Path = tuple[Key, ...]


def edited(text: str, changes: Mapping[Path, Iterable[Edit]]) -> str:
    """``text``, a document that was read without problems, with edits below the given paths."""
    text = _whole(text)
    for above, edits in changes.items():
        top = above[0]
        begin, end = _entry(text, top)
        lines = text.splitlines(keepends=True)
        part = "".join(lines[begin:end])
        for edit in edits:
            part = _apply(part, (*above, *edit.path), edit)
        text = "".join([*lines[:begin], part, *lines[end:]])
    return text


def appended(text: str, key: str, items: Sequence[object]) -> str:
    """``text`` with more items in the list at the top level's ``key``; without that key it gets one."""
    text = _whole(text)
    root = yaml.compose(text, yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return chunk({key: list(items)}, 0)
    pair = next(((k, v) for k, v in root.value if k.value == key), None)
    if root.flow_style or pair is None or pair[1].flow_style or not pair[1].value:
        before: Any = value_of(pair[1]) if pair else []
        return _apply(text, (key,), Edit((key,), [*(before or ()), *items]))
    column, last = pair[1].start_mark.column, pair[1].value[-1]
    lines = text.splitlines(keepends=True)
    line = _last_line(lines, last, column)
    new = "".join(chunk([item], column) for item in items)
    return "".join([*lines[:line], new, *lines[line:]])


def value_of(node: Any) -> Any:
    """What a node means, as ``netmgr.adapters.yaml_lines`` reads it."""
    if isinstance(node, yaml.MappingNode):
        return {value_of(key): value_of(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [value_of(item) for item in node.value]
    return node.value if node.style else plain(node.value)[0]


def _entry(text: str, key: Key) -> tuple[int, int]:
    """The lines of one key of the document, from which on to before which."""
    root: Any = yaml.compose(text, yaml.SafeLoader)
    lines = text.splitlines(keepends=True)
    if root.flow_style:
        return 0, len(lines)
    return _span(lines, root, next(i for i, (k, _) in enumerate(root.value) if value_of(k) == key))


def _span(lines: Sequence[str], mapping: Any, index: int) -> tuple[int, int]:
    """The lines of a pair in a block mapping; comments before the next key are that one's."""
    key, value = mapping.value[index]
    begin = key.start_mark.line
    return begin, _last_line(lines, value, key.start_mark.column, begin)


def _last_line(lines: Sequence[str], node: Any, column: int, begin: int = 0) -> int:
    """The line after a node: without the blank lines and comments after it, unless they are indented as its own."""
    end: int = node.end_mark.line
    # The end of a block is where the next token begins, that of anything else where it ends itself.
    if not (isinstance(node, yaml.CollectionNode) and not node.flow_style):
        end += node.end_mark.column > 0
    floor = max(begin, node.start_mark.line) + 1
    while end > floor:
        bare = lines[end - 1].strip()
        indent = len(lines[end - 1]) - len(lines[end - 1].lstrip(" "))
        if bare and not (bare.startswith("#") and indent <= column):
            break
        end -= 1
    return end


def _apply(text: str, path: Path, edit: Edit) -> str:
    root: Any = yaml.compose(text, yaml.SafeLoader)
    mapping, depth = root, 0
    trail: list[tuple[Any, int]] = []
    while True:
        index = _index(mapping, path[depth])
        trail.append((mapping, -1 if index is None else index))
        below = mapping.value[index][1] if index is not None else None
        if depth == len(path) - 1 or not isinstance(below, yaml.MappingNode):
            break
        mapping, depth = below, depth + 1
    if edit.remove and (depth < len(path) - 1 or trail[-1][1] < 0):
        return text
    value: Any = edit.value
    for step in reversed(path[depth + 1 :]):
        value = {step: value}
    # A mapping on one line, or one that would be left empty, is written again as part of the key that holds it.
    while depth and (mapping.flow_style or (edit.remove and len(mapping.value) == 1)):
        content = value_of(mapping)
        if edit.remove:
            del content[path[depth]]
            edit = Edit(edit.path, content)
        else:
            content[path[depth]] = value
        value, depth = content, depth - 1
        mapping = trail[depth][0]
    return _written(
        text, mapping, trail[depth][1], path[depth], None if edit.remove else {path[depth]: value}
    )


def _written(text: str, mapping: Any, index: int, key: Key, pair: dict[Key, Any] | None) -> str:
    """The text with one pair of a block mapping in place of what is there, or without it."""
    if mapping.flow_style:
        content = value_of(mapping)
        if pair is None:
            del content[key]
        return chunk({**content, **(pair or {})}, 0)
    lines = text.splitlines(keepends=True)
    column = mapping.value[0][0].start_mark.column
    comment = ""
    if index >= 0:
        begin, end = _span(lines, mapping, index)
        comment = _comment_after(lines, mapping.value[index][1]) if end - begin == 1 else ""
    else:
        begin = end = _span(lines, mapping, len(mapping.value) - 1)[1]
    new = "" if pair is None else chunk(pair, column)
    if new and comment:
        first, _, rest = new.partition("\n")
        new = f"{first}{comment}\n{rest}"
    return "".join([*lines[:begin], new, *lines[end:]])


def _comment_after(lines: Sequence[str], node: Any) -> str:
    """The comment on the line on which a node ends, with the blanks before it."""
    rest = lines[node.end_mark.line][node.end_mark.column :].rstrip("\n") if node.end_mark.column else ""
    return rest if rest.strip().startswith("#") else ""


def _whole(text: str) -> str:
    """Text of which the last line ends, too."""
    return text if text.endswith("\n") else f"{text}\n"


def _index(mapping: Any, key: Key) -> int | None:
    return next((i for i, (k, _) in enumerate(mapping.value) if value_of(k) == key), None)
