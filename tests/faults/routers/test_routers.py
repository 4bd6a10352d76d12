"""The table, played."""

import ast
from pathlib import Path

import pytest

from tests.faults.routers.case import Case, Elsewhere, Play, left_clean, play
from tests.faults.routers.cases import CASES
from tests.faults.routers.page import rows

ROOT = Path(__file__).parents[3]
HERE = [case for case in CASES if not isinstance(case, Elsewhere)]


def _marked(case):
    marks = [pytest.mark.lab, pytest.mark.tally("faults")]
    return pytest.param(case, id=case.name, marks=marks if case.quick else [*marks, pytest.mark.faults])


@pytest.mark.parametrize("case", [_marked(case) for case in HERE])
def test_case(pair, case):
    pair.broken = True
    before = pair.state(), pair.number
    if isinstance(case, Play):
        case.act(pair)
    else:
        assert isinstance(case, Case)
        play(case, pair)
    left_clean(pair, *before)
    pair.broken = False


@pytest.mark.parametrize(
    "case", [case for case in CASES if isinstance(case, Elsewhere)], ids=lambda case: case.name
)
def test_a_case_that_is_elsewhere_is_there_and_counted(case):
    path, _, name = case.test.partition("::")
    functions = [
        node for node in ast.parse((ROOT / path).read_text()).body if isinstance(node, ast.FunctionDef)
    ]
    (function,) = [node for node in functions if node.name == name]
    assert "pytest.mark.tally('faults')" in [ast.unparse(mark) for mark in function.decorator_list]


def test_no_case_is_there_twice():
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)


def test_the_documentation_lists_the_cases():
    page = (ROOT / "docs/explanation/faults.md").read_text()
    assert [line for line in page.splitlines() if line.startswith("| ")][2:] == rows()
