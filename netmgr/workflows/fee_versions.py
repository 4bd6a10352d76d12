"""The agreement's versions as fees are counted by them."""

from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from netmgr.errors import StoreError
from netmgr.service.fee_terms import Terms, terms
from netmgr.service.versions import AgreementHistory
from netmgr.workflows.agreement import content, known
from netmgr.workflows.runtime import Runtime


def fee_versions(runtime: Runtime, at: datetime) -> tuple[Terms, ...]:
    """Every version by then, as fees are counted by it; one that was erased judges nothing any more."""
    signed = known(runtime)
    contents = {}
    for version in signed.versions:
        with suppress(StoreError):
            contents[version.digest] = content(runtime, version)
    there = tuple(version for version in signed.versions if version.digest in contents)
    holds = signed.in_force(at)
    if holds is None or holds.digest not in contents:
        return ()
    day = at.astimezone(ZoneInfo(contents[holds.digest].timezone)).date()
    return terms(AgreementHistory(there), contents, day)
