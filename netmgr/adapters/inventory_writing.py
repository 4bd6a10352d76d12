"""Data → YAML that people like to read: block style, short leaves on one line, text in quotes where it needs them."""

from collections.abc import Mapping
from typing import Any

import yaml

from netmgr.adapters.yaml_scalars import plain


class _Dumper(yaml.CSafeDumper):
    """Quotes every text that a reader of any YAML version could take for something else; writes no aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    safe = plain(value) == (value, None) and value.isascii() and value.isprintable()
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if safe else '"')


_Dumper.add_representer(str, _text)


def written(document: Mapping[str, object], comment: str) -> str:
    """One YAML file under a comment of one line."""
    text: str = yaml.dump(dict(document), Dumper=_Dumper, sort_keys=False, default_flow_style=None, width=110)
    return f"# {comment}\n{text}"
