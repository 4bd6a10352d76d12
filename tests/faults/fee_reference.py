"""What a month costs, computed naively: day by day and minute by minute, in fractions, from plain data.

Shares nothing with netmgr but the words of the data and the keys of lines.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

DIGITS = {"EUR": 2, "USD": 2, "JPY": 0}
DAY = timedelta(days=1)


def half_up(exact, digits):
    scaled = abs(exact) * 10**digits
    whole = (scaled.numerator * 2 + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-digits).copy_sign(-1 if exact < 0 and whole else 1)


def year_part(day, per):
    """The days of the month, quarter or year around a day, one by one."""
    months = {"month": {day.month}, "year": set(range(1, 13))}.get(per)
    if months is None:
        quarter = (day.month - 1) // 3
        months = {month for month in range(1, 13) if (month - 1) // 3 == quarter}
    each, found = date(day.year, 1, 1), []
    while each.year == day.year:
        if each.month in months:
            found.append(each)
        each += DAY
    return tuple(found)


year_part = lru_cache(maxsize=None)(year_part)


def version_on(case, day):
    found = None
    for version in case["versions"]:
        if version["from"] <= day:
            found = version
    return found


def billed_day(case, version, day):
    return version_on(case, day) is version and (version["to"] is None or day <= version["to"])


def local(case, moment):
    return datetime.fromtimestamp(moment, ZoneInfo(case["zone"]))


@cache
def _minutes(zone, week, begin, end):
    """How many minutes lie in service hours, and how many do not."""
    spells = dict(week)
    inside = 0
    for moment in range(begin, end, 60):
        at = datetime.fromtimestamp(moment, ZoneInfo(zone))
        clock = f"{at:%H:%M}"
        inside += any(first <= clock < last for first, last in spells.get(at.weekday(), ()))
    return inside, (end - begin) // 60 - inside


def chosen_rate(fees, entry, when):
    best = None
    for index, rate in enumerate(fees.get("rates", [])):
        if rate.get("rate_class") not in (None, entry.get("rate_class")):
            continue
        if rate.get("services") and entry["service"] not in rate["services"]:
            continue
        if rate.get("when", "any") not in ("any", when):
            continue
        score = (
            4 * (rate.get("rate_class") is not None)
            + 2 * bool(rate.get("services"))
            + (rate.get("when", "any") != "any")
        )
        if best is None or score > best[0]:
            best = (score, index)
    return None if best is None else best[1]


def up(minutes, step):
    while minutes % step:
        minutes += 1
    return minutes


def entry_parts(case, version, entry):
    """(time of day, minutes to pay, rate) of an entry."""
    fees = version["fees"]
    inside, outside = _minutes(case["zone"], version["week"], entry["begin"], entry["end"])
    rates = chosen_rate(fees, entry, "working"), chosen_rate(fees, entry, "outside")
    steps = [1 if rate is None else fees["rates"][rate].get("step", 15) for rate in rates]
    if rates[0] == rates[1]:
        whole = up(inside + outside, steps[0])
        first = min(whole, up(inside, steps[0]))
        counted = first, whole - first
    else:
        counted = up(inside, steps[0]), up(outside, steps[1])
    return [
        (when, minutes, rate)
        for when, minutes, rate in zip(("working", "outside"), counted, rates, strict=True)
    ]


def allowance(case, item, day):
    """Minutes of an item for the month, quarter or year around a day."""
    whole = year_part(day, item.get("per", "month"))
    exact = Fraction(0)
    for each in whole:
        version = version_on(case, each)
        if version is not None and billed_day(case, version, each):
            exact += (
                Fraction(item["hours"]) * 60 * version["fees"].get("included", []).count(item) / len(whole)
            )
    return int(half_up(exact, 0))


def tax_of(fees, name):
    return fees["tax"] if name is None else fees["taxes"][name]


def day_lines(case):
    sums = {}
    day = case["first"]
    while day <= case["last"]:
        version = version_on(case, day)
        if version is not None and billed_day(case, version, day):
            fees = version["fees"]
            for kind, listed in (("fixed", "fixed"), ("unit", "units")):
                for index, fee in enumerate(fees.get(listed, [])):
                    number = 1 if kind == "fixed" else len(fitting(case, fee, day))
                    if not number:
                        continue
                    whole = year_part(day, fee.get("per", "month"))
                    begin = max(whole[0], case["first"], version["from"])
                    key = f"{kind}.{index}.v{version['version']}.{begin}"
                    exact, _ = sums.get(key, (Fraction(0), None))
                    exact += Fraction(fee["amount"]) * number / len(whole)
                    sums[key] = exact, tax_of(fees, fee.get("tax"))
        day += DAY
    return sums


def fitting(case, fee, day):
    """The uids that a fee counts on a day."""
    return {
        thing["uid"]
        for thing in case["things"]
        if thing["unit"] == fee["unit"]
        and thing["first"] <= day <= thing["last"]
        and (not fee.get("names") or any(fnmatchcase(thing["name"], glob) for glob in fee["names"]))
        and (not fee.get("roles") or thing.get("role") in fee["roles"])
        and (not fee.get("sites") or thing.get("site") in fee["sites"])
    }


def work_lines(case):
    pools, used, sums, left_out = {}, {}, {}, {}

    def add(key, exact, tax):
        before, _ = sums.get(key, (Fraction(0), None))
        if exact:
            sums[key] = before + exact, tax

    for now, entries in ((False, case["billed"]), (True, case["entries"])):
        for entry in sorted(entries, key=lambda entry: (entry["begin"], entry["seq"])):
            day = local(case, entry["begin"]).date()
            version = version_on(case, day)
            whole = (entry["end"] - entry["begin"]) // 60
            if version is None or not entry.get("billable", True):
                if now:
                    left_out[entry["seq"]] = whole
                continue
            fees, name = version["fees"], f"v{version['version']}"
            for when, counted, rate in entry_parts(case, version, entry):
                minutes = counted
                for item in fees.get("included", []):
                    if item.get("services") and entry["service"] not in item["services"]:
                        continue
                    per = year_part(day, item.get("per", "month"))
                    pool = (repr(item), per[0])
                    if pool not in pools:
                        pools[pool] = allowance(case, item, day)
                        used[pool] = [pools[pool], 0, 0]
                    while minutes and pools[pool]:
                        minutes -= 1
                        pools[pool] -= 1
                        used[pool][2 if now else 1] += 1
                if not now or not minutes:
                    continue
                if rate is None:
                    left_out[entry["seq"]] = left_out.get(entry["seq"], 0) + minutes
                    continue
                paid = fees["rates"][rate]
                add(
                    f"work.{rate}.{when}.{name}",
                    Fraction(paid["amount"]) * minutes / 60,
                    tax_of(fees, paid.get("tax")),
                )
            if not now:
                continue
            travel = entry.get("travel")
            for way, amount in (fees.get("travel") or {}).items() if travel else ():
                how = {
                    "hour": Fraction(travel["minutes"], 60),
                    "kilometre": Fraction(travel["kilometres"]),
                    "flat": Fraction(1),
                }
                add(f"travel.{way}.{name}", Fraction(amount) * how[way], fees["tax"])
            at = local(case, entry["begin"])
            spells = dict(version["week"]).get(at.weekday(), ())
            serving = any(first <= f"{at:%H:%M}" < last for first, last in spells)
            if entry.get("called_out") and fees.get("call_out") and not serving:
                add(f"call_out.{name}", Fraction(fees["call_out"]), fees["tax"])
    return sums, left_out, sorted((first, *each) for (_, first), each in used.items())


def lines_of(case):
    """Line's key → (sum, tax); minutes that no line has, by entry; included hours: since when, how many, used before
    and now.
    """
    digits = DIGITS[case["currency"]]
    days = day_lines(case)
    worked, left_out, hours = work_lines(case)
    found = {key: (half_up(exact, digits), tax) for key, (exact, tax) in {**days, **worked}.items()}
    fixed = {}
    for key, (net, tax) in found.items():
        if key.startswith("fixed."):
            fixed.setdefault((tax["code"], tax["rate"]), [Decimal(0), tax])[0] += net
    given = {}
    ordered = sorted(case["misses"], key=lambda miss: (miss["judged"], miss["evidence"]))
    for number, miss in enumerate(ordered, 1):
        version = version_on(case, local(case, miss["judged"]).date())
        if version is None:
            continue
        fees = version["fees"]
        level = [each for each in fees.get("credits", []) if each["level"] == miss["level"]]
        own = [each for each in level if each.get("priority") == miss["priority"]] or [
            each for each in level if each.get("priority") is None
        ]
        if not own:
            continue
        mine = given.setdefault(version["version"], [])
        percent = Fraction(own[0]["percent"])
        percent = min(percent, Fraction(fees.get("credit_cap", "100")) - sum(mine))
        percent = max(Fraction(0), min(percent, 100 - sum(map(sum, given.values()))))
        mine.append(percent)
        for (code, rate), (net, tax) in fixed.items():
            if percent and net:
                key = f"credit.{number}.{code}.{rate}"
                found[key] = half_up(-percent * Fraction(net) / 100, digits), tax
    for number, each in enumerate(case["adjustments"], 1):
        fees = version_on(case, each["day"])["fees"]
        found[f"correction.{number}"] = (
            half_up(Fraction(each["amount"]), digits),
            tax_of(fees, each.get("tax")),
        )
    return found, left_out, hours


def total(found, currency):
    """Tax by (code, rate) and the whole sum."""
    nets = {}
    for net, tax in found.values():
        key = (tax["code"], tax["rate"])
        nets[key] = nets.get(key, Decimal(0)) + net
    taxes = {
        key: half_up(Fraction(net) * Fraction(key[1]) / 100, DIGITS[currency]) for key, net in nets.items()
    }
    return taxes, sum(nets.values()) + sum(taxes.values())
