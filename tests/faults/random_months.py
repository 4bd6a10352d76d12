"""Random months as plain data: agreements with amendments, things that come and go, work, misses, corrections."""

import calendar
import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from netmgr.model.agreement_fees import Fees
from netmgr.model.billing import Adjustment, LookedAfter, Miss, Worked
from netmgr.model.service_calendar import DAYS, ServiceCalendar
from netmgr.service.calendar import ServiceHours
from netmgr.service.fee_terms import Terms
from netmgr.service.fees import draft

SERVICES = ("faults", "consulting", "network", "requests")
CLASSES = (None, "senior", "junior")
ZONES = ("Europe/Berlin", "Asia/Tokyo", "America/New_York")
WEEKS = (
    tuple((day, (("08:00", "18:00"),)) for day in range(5)),
    (*((day, (("08:00", "12:00"), ("13:00", "17:00"))) for day in range(4)), (5, (("09:00", "12:00"),))),
)
TAXES = {
    "EUR": (
        {"code": "S", "rate": "19"},
        {"code": "S", "rate": "7"},
        {"code": "AE", "rate": "0", "reason": "Reverse charge"},
    ),
    "JPY": (
        {"code": "S", "rate": "10"},
        {"code": "S", "rate": "8"},
        {"code": "Z", "rate": "0"},
    ),
}
NAMES = ("core1", "core2", "edge1", "edge2", "isp1")


def fees(rng, currency):
    def amount(most):
        if currency == "JPY":
            return str(rng.randrange(1, most * 100))
        return f"{rng.randrange(1, most * 100) / 100:.2f}"

    def per():
        return {"per": rng.choice(["quarter", "year"])} if rng.random() < 0.3 else {}

    def services():
        return {"services": rng.sample(SERVICES, rng.randrange(1, 3))} if rng.random() < 0.4 else {}

    def taxed():
        return {"tax": rng.choice(["reduced", "none"])} if rng.random() < 0.25 else {}

    usual, reduced, none = TAXES[currency]
    made = {
        "currency": currency,
        "fixed": [
            {"name": f"Fixed {index}", "amount": amount(2000), **per(), **taxed()}
            for index in range(rng.randrange(3))
        ],
        "units": [
            {
                "name": f"Each {unit}",
                "unit": unit,
                "amount": amount(120),
                **per(),
                **taxed(),
                **({"names": [rng.choice(["core*", "*1"])]} if rng.random() < 0.3 else {}),
                **({"roles": ["core"]} if unit == "device" and rng.random() < 0.3 else {}),
                **({"sites": ["hq"]} if unit != "site" and rng.random() < 0.2 else {}),
            }
            for unit in rng.sample(["device", "device", "asset", "site"], rng.randrange(4))
        ],
        "included": [
            {
                "hours": rng.choice(["0.5", "2", "6", "7.25"]),
                **per(),
                **services(),
                "exhausted": "stop",
            }
            for _ in range(rng.randrange(3))
        ],
        "rates": [
            {
                "amount": amount(180),
                **services(),
                **taxed(),
                **({"rate_class": rng.choice(["senior", "junior"])} if rng.random() < 0.4 else {}),
                **({"when": rng.choice(["working", "outside"])} if rng.random() < 0.5 else {}),
                "step": rng.choice([1, 5, 7, 15, 30]),
            }
            for _ in range(rng.randrange(5))
        ],
        "travel": {way: amount(80) for way in rng.sample(["hour", "kilometre", "flat"], rng.randrange(4))},
        "credits": [
            {
                "level": rng.choice(["response", "resolution", "availability"]),
                "percent": rng.choice(["2", "5", "12.5", "33.3333"]),
                **({"priority": "high"} if rng.random() < 0.4 else {}),
            }
            for _ in range(rng.randrange(4))
        ],
        "tax": usual,
        "taxes": {"reduced": reduced, "none": none},
    }
    if rng.random() < 0.5:
        made["call_out"] = amount(200)
    if rng.random() < 0.5:
        made["credit_cap"] = rng.choice(["10", "20", "100"])
    return made


def amended(rng, before):
    """Some of it written anew."""
    fresh = fees(rng, before["currency"])
    return {key: fresh.get(key, value) if rng.random() < 0.4 else value for key, value in before.items()}


def month(number):
    rng = random.Random(number)
    year, name = rng.randrange(2024, 2028), rng.randrange(1, 13)
    first = date(year, name, 1)
    last = date(year, name, calendar.monthrange(year, name)[1])
    length = (last - first).days + 1
    currency, zone = rng.choice(["EUR", "JPY"]), rng.choice(ZONES)

    def some_day(before=0, after=0):
        return first + timedelta(days=rng.randrange(-before, length + after))

    begins = [some_day(after=-1) if rng.random() < 0.2 else first - timedelta(days=rng.randrange(1, 200))]
    begins += sorted({some_day() for _ in range(rng.randrange(3))} - set(begins))
    begins = [day for index, day in enumerate(begins) if index == 0 or day > begins[0]]
    terms = fees(rng, currency)
    versions = []
    for index, begin in enumerate(begins):
        end = begins[index + 1] - timedelta(days=1) if index + 1 < len(begins) else None
        if end is None and rng.random() < 0.15:
            end = begin + timedelta(days=rng.randrange(max(1, (last - begin).days + 1)))
        versions.append(
            {
                "version": index + 1,
                "from": begin,
                "to": end,
                "fees": terms,
                "week": rng.choice(WEEKS),
                "seq": index + 1,
            }
        )
        terms = amended(rng, terms)

    def moment(day):
        at = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
        return int(at.timestamp()) // 60 * 60 + rng.randrange(24 * 60) * 60

    seqs = iter(range(100, 10_000))

    def entry(day):
        begin = moment(day)
        made = {
            "seq": next(seqs),
            "service": rng.choice(SERVICES),
            "begin": begin,
            "end": begin + rng.choice([1, 7, 20, 45, 60, 95, 240]) * 60,
            "billable": rng.random() < 0.9,
            "called_out": rng.random() < 0.3,
            "rate_class": rng.choice(CLASSES),
        }
        if rng.random() < 0.3:
            made["travel"] = {
                "minutes": rng.randrange(120),
                "kilometres": rng.choice(["0", "12", "33.4", "120"]),
            }
        return made

    things = []
    for _ in range(rng.randrange(9)):
        unit, begin = rng.choice(["device", "device", "device", "asset", "site"]), some_day(before=60)
        things.append(
            {
                "unit": unit,
                "uid": f"u-{rng.randrange(6)}",
                "name": rng.choice(NAMES),
                "first": begin,
                "last": begin + timedelta(days=rng.randrange(90)),
                "role": rng.choice(["core", "edge"]) if unit == "device" else None,
                "site": rng.choice(["hq", "branch"]),
                "evidence": [next(seqs), next(seqs)],
            }
        )
    in_force = max(begins[0], first)
    return {
        "currency": currency,
        "zone": zone,
        "first": first,
        "last": last,
        "versions": versions,
        "things": things,
        "entries": [entry(some_day()) for _ in range(rng.randrange(8))],
        "billed": [entry(some_day(before=80) - timedelta(days=length)) for _ in range(rng.randrange(4))],
        "misses": [
            {
                "level": rng.choice(["response", "resolution", "availability"]),
                "priority": rng.choice(["high", "low"]),
                "judged": moment(some_day(before=20)),
                "evidence": [next(seqs)],
            }
            for _ in range(rng.randrange(4))
        ],
        "adjustments": [
            {
                "name": "Correction",
                "amount": f"{rng.randrange(-5000, 5000)}"
                if currency == "JPY"
                else f"{rng.randrange(-5000, 5000) / 100:.2f}",
                "day": in_force,
                "tax": rng.choice([None, "reduced"]),
                "evidence": [next(seqs)],
            }
            for _ in range(rng.randrange(2))
        ],
    }


def terms_of(case):
    return tuple(
        Terms(
            version=each["version"],
            first=each["from"],
            last=each["to"],
            fees=Fees.model_validate(each["fees"]),
            hours=ServiceHours(
                ServiceCalendar.model_validate(
                    {
                        "timezone": case["zone"],
                        "hours": {
                            DAYS[day]: ["-".join(spell) for spell in spells] for day, spells in each["week"]
                        },
                    }
                )
            ),
            zone=case["zone"],
            seq=each["seq"],
        )
        for each in case["versions"]
    )


def billed(case, terms=None, **changed):
    """What netmgr makes of it."""
    case = case | changed
    return draft(
        case["first"],
        case["last"],
        terms or terms_of(case),
        looked_after=map(LookedAfter.model_validate, case["things"]),
        entries=map(Worked.model_validate, case["entries"]),
        billed=map(Worked.model_validate, case["billed"]),
        misses=map(Miss.model_validate, case["misses"]),
        adjustments=map(Adjustment.model_validate, case["adjustments"]),
    )
