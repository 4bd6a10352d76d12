"""The table of cases as documentation shows it: ``python -m tests.faults.routers.page`` prints it."""

from tests.faults.routers.case import Case, Elsewhere, Play
from tests.faults.routers.cases import CASES

_PLACES = {
    "before": "before the command",
    "armed": "while r1 is being changed",
    "pending": "r1 waits for confirmation",
}


def rows() -> list[str]:
    """One line of Markdown each."""
    return [f"| {case.name} | {_when(case)} | {_end(case)} |" for case in CASES]


def _when(case: object) -> str:
    if not isinstance(case, Case):
        return "-"
    return _PLACES.get(case.at, f"netmgr says `{case.at}`")


def _end(case: object) -> str:
    if isinstance(case, Elsewhere):
        return f"`{case.test.split('::')[1]}`"
    if isinstance(case, Play):
        return case.ends
    assert isinstance(case, Case)
    if len(case.ends) > 1:
        return "any end, if the routers agree"
    (end,) = case.ends
    both = end.r1 if end.r1 == end.r2 else f"r1 {end.r1}, r2 {end.r2}"
    after = f"; `recover`: {case.then.r1} ({case.then.code})" if case.then else ""
    return f"{both} ({end.code}){after}"


if __name__ == "__main__":
    print(*rows(), sep="\n")
