"""What the agreement says to a new change."""

from datetime import UTC, date, datetime, timedelta

import pytest

from netmgr.model.inventory import Device
from netmgr.service.agreement_gates import judge
from netmgr.service.versions import AgreementHistory, SignedVersion, Suspended, standing
from tests.unit.service.samples import agreement

BEGINS = datetime(2025, 12, 31, 23, tzinfo=UTC)
VERSION = SignedVersion(1, "d" * 64, BEGINS, BEGINS, BEGINS, "e" * 64, None, 1)
STOPPED = Suspended(date(2026, 5, 1), datetime(2026, 5, 14, 22, tzinfo=UTC), BEGINS, 2)
MAY = datetime(2026, 5, 20, tzinfo=UTC)


def device(name, **data):
    return Device.model_validate({"name": name, "hostname": name, "platform": "frr", "data": data})


R1 = device("r1")


def said(at, *devices, suspensions=(), **changes):
    agreed = agreement(**changes)
    stands = standing(AgreementHistory((VERSION,), suspensions), agreed, at)
    found = judge(agreed, stands, devices or (R1,), at)
    return [refusal.reason for refusal in found.refusals], list(found.warnings), found.breakable


def test_without_an_agreement_nothing_is_judged():
    found = judge(None, standing(AgreementHistory(), None, MAY), (R1,), MAY)
    assert (found.refusals, found.warnings) == ((), ())


END = "2027-01-01T00:00+01:00"
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("at", "reasons"),
    [
        (BEGINS - MINUTE, ["the agreement is not in force: it begins at 2026-01-01T00:00+01:00 (term)"]),
        (BEGINS, []),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), []),
        (
            datetime(2026, 12, 31, 23, 0, tzinfo=UTC),
            [
                f"the agreement is not in force: it ended at {END}; what was begun is finished until "
                "2027-01-31T00:00+01:00 (term)"
            ],
        ),
        (datetime(2027, 3, 1, tzinfo=UTC), [f"the agreement is not in force: it ended at {END} (term)"]),
    ],
)
def test_outside_the_term_it_is_refused(at, reasons):
    assert said(at)[0] == reasons


@pytest.mark.parametrize(("days", "warned"), [(91, []), (90, [90]), (30, [30]), (7, [7]), (0.5, [0])])
def test_the_end_is_told_before_it_comes(days, warned):
    at = datetime(2026, 12, 31, 23, tzinfo=UTC) - timedelta(days=days)
    assert said(at)[1] == [
        f"the agreement ends on {END}, in {left} days; nothing renews it" for left in warned
    ]
    assert said(at, term__renewal={"months": 12, "notice": "90d"})[1] == []


def test_suspended_is_refused_unless_the_glass_may_be_broken():
    reason = "the agreement is suspended since 2026-05-15T00:00+02:00, by notice of 2026-05-01 (payment.suspension)"
    assert said(MAY, suspensions=(STOPPED,)) == ([reason], [], True)
    assert said(MAY, suspensions=(STOPPED,), emergency__break_glass=False) == ([reason], [], False)
    assert said(
        MAY, suspensions=(STOPPED,), emergency=None, levels__priorities__urgent__calendar="service"
    ) == (
        [reason],
        [],
        False,
    )


@pytest.mark.parametrize(
    ("devices", "coverage", "reasons"),
    [
        ((R1,), {}, []),
        (
            (R1, device("isp-a")),
            {"coverage__devices": {"except": ["isp*"]}},
            ["isp-a is not among the devices covered (coverage.devices)"],
        ),
        (
            (R1,),
            {"coverage__devices": {"roles": ["core"]}},
            ["r1 is not among the devices covered (coverage.devices)"],
        ),
        ((device("r1", role="core"),), {"coverage__devices": {"roles": ["core"]}}, []),
        (
            (device("r1", service={"from": "2026-05-21"}),),
            {},
            ["r1 is looked after from 2026-05-21 to … (service)"],
        ),
        ((device("r1", service={"to": "2026-05-20"}),), {}, []),
        (
            (device("r1", service={"to": "2026-05-19"}),),
            {},
            ["r1 is looked after from … to 2026-05-19 (service)"],
        ),
        (
            (R1,),
            {"coverage__services": ["faults"]},
            ["network is not among the services (coverage.services)"],
        ),
    ],
)
def test_what_is_not_covered_is_refused_with_its_clause(devices, coverage, reasons):
    assert said(MAY, *devices, **coverage)[0] == reasons
