"""A table as CSV (RFC 4180), every column with exact values, safe to open in a spreadsheet."""

import csv
from io import StringIO

from netmgr.document.as_json import exact_json
from netmgr.document.block import Table, Value

#: What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def table_csv(table: Table) -> str:
    """The keys of the columns, then the rows. Names are separated by spaces; no value is an empty cell."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.key for column in table.columns])
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return text.getvalue()


def _cell(value: Value) -> str:
    if isinstance(value, int):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, tuple):
        return _inert(" ".join(value))
    found = exact_json(value)
    return found if not isinstance(value, str) else _inert(value)


def _inert(text: str) -> str:
    """A text that begins like a formula gets an apostrophe before it, which spreadsheets take for "this is text"."""
    plain = text.replace("\0", "")
    return f"'{plain}" if plain.lstrip(" ").startswith(_FORMULA) else plain
