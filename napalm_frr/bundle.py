"""The on-device program as one file: the modules of ``napalm_frr.device`` behind one another, always the same bytes.

Its SHA-256 is its version. Relative imports and what only type checkers read are left out, so the modules must not
use a name twice (a test holds that).
"""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from importlib import resources
from threading import Lock
from typing import NamedTuple

MODULES = (
    "order",
    "canonical",
    "delta",
    "system",
    "daemons",
    "frr",
    "kernel",
    "state",
    "probe",
    "converge",
    "records",
    "rollback",
    "timer",
    "commit",
    "program",
)


class Bundle(NamedTuple):
    """The program's bytes and their SHA-256 in hexadecimal."""

    content: bytes
    digest: str


_BUILDING = Lock()


def bundle() -> Bundle:
    """The program that runs on the router; built once, however many sessions begin at the same time.

    Not only to save work: two threads inside ``ast.parse`` can disturb each other (CPython issue 106905).
    """
    with _BUILDING:
        return _built()


@cache
def _built() -> Bundle:
    directory = resources.files("napalm_frr.device")
    parts = ["#!/usr/bin/env -S python3 -I -S\nfrom __future__ import annotations\n"]
    for name in MODULES:
        source = directory.joinpath(f"{name}.py").read_text("utf-8")
        parts.append(f"\n\n# {name}.py\n{_for_the_router(source)}")
    content = "".join(parts).encode()
    return Bundle(content, hashlib.sha256(content).hexdigest())


def _for_the_router(source: str) -> str:
    lines = source.splitlines(keepends=True)
    for node in ast.parse(source).body:
        if _is_for_others(node):
            lines[node.lineno - 1 : node.end_lineno] = [""] * (
                (node.end_lineno or node.lineno) - node.lineno + 1
            )
    return "".join(lines)


def _is_for_others(node: ast.stmt) -> bool:
    match node:
        case ast.ImportFrom(module="__future__") | ast.ImportFrom(level=1):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.Assign(targets=[ast.Name(id="TYPE_CHECKING")]):
            return True
        case ast.Expr(value=ast.Constant(value=str())):
            return False
    return False
