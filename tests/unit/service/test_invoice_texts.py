"""What an invoice's lines are called, in both languages."""

from datetime import date
from decimal import Decimal

import pytest

from netmgr.adapters.package_templates import words_in
from netmgr.model.agreement_fees import Tax
from netmgr.model.invoice import InvoiceLine
from netmgr.model.money import share
from netmgr.service.invoice_texts import line_text, quantity_text


def line(kind, quantity, unit, *, base=1, price="100.00", **more):
    number, each = Decimal(quantity), Decimal(price)
    return InvoiceLine(
        key="k",
        kind=kind,
        version=1,
        first=date(2026, 6, 1),
        last=date(2026, 6, 30),
        quantity=number,
        unit=unit,
        price=each,
        base=Decimal(base),
        net=share(each, number, Decimal(base), 2),
        tax=Tax(code="S", rate="19"),
        evidence=(1,),
        **more,
    )


DESK = {"en": "Desk", "zh-CN": "服务台"}
LINES = [
    (line("fixed", "1", "month", about=DESK), "Desk", "1 month", "服务台", "1个月"),
    (line("fixed", "19", "day", base=30, about=DESK), "Desk", "19 of 30 days", "服务台", "30天中的19天"),
    (
        line("unit", "41", "day", base=30, about=DESK, things=(("a", 30), ("b", 11))),
        "Desk",
        "41 days at 1/30 each",
        "服务台",
        "41天，每天按1/30计",
    ),
    (
        line("work", "1.25", "hour", when="outside", services=("faults",), rate_class="senior"),
        "Work outside service hours (Faults and senior)",
        "1.25 h",
        "工时（服务时间以外）（故障处理和senior）",
        "1.25小时",
    ),
    (
        line("work", "7", "minute", base=60, when="working"),
        "Work in service hours",
        "7 min",
        "工时（服务时间内）",
        "7分钟",
    ),
    (
        line("travel", "33.50", "kilometre", way="kilometre"),
        "Travel, by the kilometre",
        "33.5 km",
        None,
        "33.5公里",
    ),
    (line("call_out", "2", "time"), "Coming outside service hours", "2 times", None, "2次"),
    (
        line("credit", "-12.5", "percent", base=100, price="480.00", level="response", priority="high"),
        "Credit: response too late (high)",
        "12.5% of €480.00",
        None,
        "€480.00的12.5%",
    ),
    (
        line("credit", "-5", "percent", base=100, price="480.00", level="availability"),
        "Credit: availability missed",
        "5% of €480.00",
        None,
        "€480.00的5%",
    ),
]


@pytest.mark.parametrize(("item", "english", "much", "chinese", "amount"), LINES)
def test_a_line_says_what_it_is_for_and_how_much(item, english, much, chinese, amount):
    words, other = words_in("en", "UTC"), words_in("zh-CN", "UTC")
    assert (line_text(item, words), quantity_text(item, "EUR", words)) == (english, much)
    assert chinese is None or line_text(item, other) == chinese
    assert quantity_text(item, "EUR", other) == amount
