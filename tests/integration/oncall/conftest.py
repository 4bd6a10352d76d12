"""The square with a signed agreement, three people on call, and a real mail server."""

import pytest

from tests.integration.agreement.conftest import FILE, signing  # noqa: F401 - a fixture
from tests.integration.notice.conftest import told, trust  # noqa: F401 - fixtures

PEOPLE = "".join(
    f'p-{n}:\n  name: Person {n}\n  email: p{n}@msp.example\n  roles: {{"*": [engineer]}}\n'
    for n in (1, 2, 3)
)
ROSTER = """\
everybody:
  timezone: Europe/Berlin
  people: [p-1, p-2, p-3]
  from: "2026-11-23"
  handover: {day: monday, time: "09:00"}
"""
SCHEDULE = """\
call: {job: oncall, cron: "* * * * *"}
"""


@pytest.fixture
def night(told):  # noqa: F811
    """Sunday evening before the handover to p-2; ten minutes to acknowledge, two rounds."""
    root = told.workspace
    (root / "config/people.yaml").write_text(PEOPLE)
    (root / "config/oncall.yaml").write_text(ROSTER)
    (root / "config/schedule.yaml").write_text(SCHEDULE)
    told.edit(
        FILE,
        lambda text: text.replace(
            "emergency: {priority: urgent}", "emergency: {priority: urgent, acknowledge: 10m, rounds: 2}"
        ),
    )
    told.sign()
    return told
