"""Invoices with all that an invoice can have: acme's in English, Haichuan's in Chinese, a credit note."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from netmgr.adapters.agreement_yaml import YamlAgreements
from netmgr.model.billing import Adjustment, LookedAfter, Miss, Worked
from netmgr.model.invoice import InvoiceDraft
from netmgr.model.issued_invoice import Buyer, Corrects, Invoice, PaymentTerms, buyer_of
from netmgr.model.money import share
from netmgr.model.provider import LegalEntity
from netmgr.service.calendar import ServiceHours
from netmgr.service.fee_terms import Terms
from netmgr.service.fees import draft

ROOT = Path(__file__).parents[3]
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
ISSUED, DUE = date(2026, 12, 1), date(2026, 12, 31)

SELLERS = {
    "acme": LegalEntity.model_validate(
        {
            "name": "Example Network Services GmbH",
            "address": {
                "street": "Beispielstrasse 2",
                "city": "Berlin",
                "postcode": "10115",
                "country": "DE",
            },
            "registration": "HRB 00000 (Berlin)",
            "vat_id": "DE000000000",
            "bank": {"name": "Example Bank", "iban": "DE02 1203 0000 0000 2020 51", "bic": "BYLADEM1001"},
            "contact": {"name": "Accounts", "email": "accounts@provider.example", "phone": "+49 30 0000000"},
            "invoices": {"prefix": "R-"},
        }
    ),
    "haichuan": LegalEntity.model_validate(
        {
            "name": {
                "en": "Example Network Services (Shanghai) Co Ltd",
                "zh-CN": "示例网络服务（上海）有限公司",
            },
            "address": {
                "street": {"en": "2 Example Road", "zh-CN": "示例路2号"},
                "city": {"en": "Shanghai", "zh-CN": "上海市"},
                "country": "CN",
            },
            "tax_number": "91310000EXAMPLE00X",
            "bank": {"name": {"en": "Example Bank", "zh-CN": "示例银行"}, "number": "0000 0000 0000 0000"},
            "contact": {"name": {"en": "Accounts", "zh-CN": "财务部"}, "email": "sh@provider.example"},
            "language": "zh-CN",
            "invoices": {"prefix": "S-", "first": 4711},
        }
    ),
}
LOCALES = {"acme": "en", "haichuan": "zh-CN"}


def at(day, clock, zone):
    return int(datetime.fromisoformat(f"2026-11-{day:02} {clock}").replace(tzinfo=ZoneInfo(zone)).timestamp())


@cache
def counted(client):
    """November, with work in and outside hours, travel, credits beyond the cap, an earlier mistake put right."""
    agreement = YamlAgreements(ROOT).working_copy(client).agreement
    zone = agreement.timezone
    terms = Terms(1, date(2026, 1, 1), None, agreement.fees, ServiceHours(agreement.calendar), zone, 4)

    def worked(seq, day, clock, minutes, service="faults", **more):
        begin = at(day, clock, zone)
        whole = {"seq": seq, "service": service, "begin": begin, "end": begin + minutes * 60}
        return Worked.model_validate({**whole, **more})

    def looked(name, first, last, *evidence):
        uid = f"u-{name}"
        return LookedAfter(
            unit="device", uid=uid, name=name, first=first, last=last, role="core", evidence=evidence
        )

    return draft(
        FIRST,
        LAST,
        [terms],
        looked_after=[
            looked("core1", date(2026, 1, 1), date(2027, 1, 1), 11),
            looked("core2", date(2026, 1, 1), date(2027, 1, 1), 12),
            looked("edge1", date(2026, 11, 20), date(2027, 1, 1), 118),
            looked("edge2", date(2026, 1, 1), date(2026, 11, 7), 13, 104),
        ],
        entries=[
            worked(101, 3, "09:30", 95),
            worked(102, 4, "10:00", 240, "requests"),
            worked(107, 6, "19:00", 50, travel={"minutes": 40, "kilometres": "33.4"}, called_out=True),
            worked(112, 12, "10:00", 190, "network"),
            worked(115, 17, "14:00", 30, billable=False),
            worked(120, 24, "11:00", 75, "consulting" if client == "acme" else "faults"),
        ],
        billed=[worked(90, 1, "10:00", 60)],
        misses=[
            Miss(level="resolution", priority="high", judged=at(5, "10:00", zone), evidence=(105, 106)),
            Miss(level="response", priority="emergency", judged=at(6, "19:00", zone), evidence=(107, 109)),
            *(
                Miss(
                    level="resolution",
                    priority="normal",
                    judged=at(day, "10:00", zone),
                    evidence=(110 + day,),
                )
                for day in range(8, 16)
            ),
        ],
        adjustments=[
            Adjustment(
                name={"en": "October: one router too many", "zh-CN": "10月：多计一台路由器"},
                amount="-85.00",
                day=date(2026, 10, 31),
                evidence=(95,),
            )
        ],
    )


def invoice(client="acme", **changed):
    agreement = YamlAgreements(ROOT).working_copy(client).agreement
    buyer = buyer_of(agreement)
    known = {"vat_id": "DE111111111", "reference": "NET-7"} if client == "acme" else {}
    whole = {
        "number": "R-00042" if client == "acme" else "S-4711",
        "client": client,
        "entity": "example",
        "seller": SELLERS[client],
        "buyer": Buyer.model_validate(buyer.model_dump() | known),
        "locale": LOCALES[client],
        "timezone": agreement.timezone,
        "issued": ISSUED,
        "due": DUE,
        "terms": PaymentTerms(days=agreement.payment.days, interest=agreement.payment.interest),
        "versions": (1,),
        "draft": counted(client),
    }
    return Invoice.model_validate(whole | changed)


def credit_note(client="acme", **changed):
    """Takes back the first line."""
    line = counted(client).lines[0]
    net = line.net
    tax = line.tax
    owed = share(net, Decimal(tax.rate), Decimal(100), 2)
    sums = InvoiceDraft.model_validate(
        {
            "currency": counted(client).currency,
            "digits": 2,
            "first": FIRST,
            "last": LAST,
            "lines": [line],
            "taxes": [{"code": tax.code, "rate": tax.rate, "net": net, "tax": owed}],
            "net": net,
            "tax": owed,
            "total": net + owed,
        }
    )
    return invoice(
        client,
        kind="credit_note",
        number="C-00007",
        draft=sums,
        corrects=Corrects(
            number="R-00042", issued=ISSUED, seq=140, reason="The desk was closed for a month."
        ),
        **changed,
    )
