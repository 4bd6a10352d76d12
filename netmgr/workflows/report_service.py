"""Reading what was promised and what was done for a period: the service side of a report."""

from netmgr.model.entry import Entry
from netmgr.report.history import History
from netmgr.report.service_facts import ServiceFacts
from netmgr.workflows.runtime import Runtime


def read_service(_runtime: Runtime, _history: History, _cut: Entry) -> ServiceFacts | None:
    """The facts of the history's period, up to the entry ``cut``; None where no signed agreement was in force."""
    return None
