"""Reading what was done for a client as a whole in a period: drills, restores, calls, what was announced."""

from netmgr.model.entry import Entry
from netmgr.report.history import History
from netmgr.report.service_facts import ServiceFacts
from netmgr.workflows.runtime import Runtime


def acts(_runtime: Runtime, _told: History, facts: ServiceFacts, _cut: Entry) -> ServiceFacts:
    """The facts with what was done."""
    return facts
