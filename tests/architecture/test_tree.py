"""The house's own rules, held by the build."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(p for package in ("netmgr", "napalm_frr") for p in (ROOT / package).rglob("*.py"))
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
HEAVY = {
    "napalm",
    "netmiko",
    "nornir",
    "paramiko",
    "sqlalchemy",
    "alembic",
    "pydantic",
    "rich",
    "jinja2",
    "babel",
    "weasyprint",
    "docx",
    "yaml",
}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_and_named_for_what_it_holds(path):
    lines = path.read_text().count("\n")
    assert lines <= 400, f"{lines} lines"
    assert path.stem not in VAGUE


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_swallowed_or_left_for_later(path):
    text = path.read_text()
    assert not {"TODO", "FIXME", "XXX", "HACK"} & set(text.replace(":", " ").split())
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ExceptHandler):
            caught = "everything" if node.type is None else ast.unparse(node.type)
            silent = all(isinstance(statement, ast.Pass) for statement in node.body)
            assert not (silent and caught in ("everything", "Exception", "BaseException")), (
                f"line {node.lineno}"
            )


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["-h"], ["plan", "--help"], ["log", "--help"]]
)
def test_help_imports_nothing_heavy(arguments):
    program = (
        "import sys; from netmgr.cli.main import run; code = run(sys.argv[1:]);"
        f"print(code, sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == "0 []\n"
    assert "netmgr" in done.stdout


def test_no_file_has_the_marks_of_a_merge_that_nobody_finished():
    marks = ["git", "grep", "-nE", "^(<<<<<<<|>>>>>>>|[|]{7})( |$)", "--", ".", ":!tests/data"]
    found = subprocess.run(marks, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout, found.stderr) == (1, "", "")
