"""What every command's view shares: JSON documents, error lines, and text from outside made safe for a terminal."""

import json
import sys
import unicodedata
from typing import Any

import click

from netmgr.errors import InputError, NetmgrError, Refused


def printable(text: str) -> str:
    """``text`` with control characters escaped, but for newline and tab: no device may drive a terminal."""
    return "".join(
        c
        if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf")
        else c.encode("unicode_escape").decode()
        for c in text
    )


def print_json(name: str, document: dict[str, Any]) -> None:
    """One JSON document on standard output, with its schema's name first."""
    json.dump({"schema": f"netmgr.{name}/1", **document}, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def print_error(error: NetmgrError, *, output: str) -> None:
    """The error on standard error, a line for each problem; with JSON output, a document as well."""
    lines = error.problems if isinstance(error, InputError) else (str(error),)
    for line in lines:
        click.echo(printable(f"error: {line}"), err=True)
    if output == "json" and error.code != 64:
        document: dict[str, Any] = {"code": int(error.code), "errors": list(lines)}
        if isinstance(error, Refused):
            document["refused"] = [{"gate": error.gate, "reason": error.reason, "remedy": error.remedy}]
        print_json("error", document)
