"""A first agreement, made of what a company is asked: whole, with the field's usual numbers, to be edited (pure)."""

from dataclasses import dataclass
from datetime import date, timedelta

from netmgr.model.agreement import Agreement
from netmgr.model.agreement_terms import Language
from netmgr.model.service_calendar import DAYS


@dataclass(frozen=True, slots=True)
class Answers:
    """What is asked. ``days`` are the weekdays of service, Monday is 0; ``hours`` their spell."""

    language: Language
    timezone: str
    client: str
    client_address: str
    client_signs: str
    provider: str
    provider_address: str
    provider_signs: str
    begins: date
    months: int
    days: tuple[int, int]
    hours: str
    country: str | None
    emergency: bool
    phone: str | None
    currency: str
    monthly: str
    per_device: str | None
    included_hours: str | None
    hourly: str
    payment_days: int
    tax: str
    law: str


_DUTIES = {
    "en": (
        (
            "Gives the access that the work needs, and says at once where it changes.",
            "Names contacts who may decide.",
        ),
        (
            "Lets only those work who are bound to secrecy.",
            "Records every change, and shows the record on request.",
        ),
    ),
    "zh-CN": (
        ("提供工作所需的访问权限，权限变化时及时告知乙方。", "指定有权作出决定的联系人。"),
        ("仅安排已承担保密义务的人员提供服务。", "记录每项变更，并应甲方要求出示记录。"),
    ),
}
_FEES = {
    "en": ("Service desk, monitoring and reports", "Device under management"),
    "zh-CN": ("服务台、监测及报告", "设备管理"),
}
#: Impact → the priorities by urgency, critical first: as ITIL's usual matrix has them.
_MATRIX = {
    "extensive": ("emergency", "high", "high", "normal"),
    "significant": ("high", "high", "normal", "low"),
    "limited": ("normal", "normal", "low", "low"),
}


def first_agreement(answers: Answers) -> Agreement:
    """Version 1. Raises ValueError (pydantic's) for an answer that cannot be."""
    first, last = answers.days
    duties, fees = _DUTIES[answers.language], _FEES[answers.language]
    always = "always" if answers.emergency else "service"
    document: dict[str, object] = {
        "version": 1,
        "effective": answers.begins,
        "languages": (answers.language,),
        "timezone": answers.timezone,
        "parties": {
            "client": _party(answers.client, answers.client_address, answers.client_signs),
            "provider": _party(answers.provider, answers.provider_address, answers.provider_signs),
        },
        "term": {
            "from": answers.begins,
            "to": _after(answers.begins, answers.months),
            "renewal": {"months": answers.months, "notice": "90d"},
            "run_off": "30d",
            "notice": "90d",
        },
        "coverage": {"services": ("faults", "consulting", "network", "backup", "requests")},
        "calendar": {
            "timezone": answers.timezone,
            "hours": {day: answers.hours for number, day in enumerate(DAYS) if first <= number <= last},
            **({"holidays": {"country": answers.country}} if answers.country else {}),
        },
        "levels": {
            "priorities": {
                "emergency": {"response": "30m", "resolution": "4h", "calendar": always},
                "high": {"response": "1h", "resolution": "8h"},
                "normal": {"response": "4h", "resolution": "24h"},
                "low": {"response": "8h", "resolution": "80h"},
            },
            "matrix": {
                impact: dict(zip(("critical", "high", "medium", "low"), row, strict=True))
                for impact, row in _MATRIX.items()
            },
        },
        "promises": {"drift_age": "3d", "audit": "1d", "backup_age": "1d", "restore": "4h", "drill": "90d"},
        "notice": {"before": "2d"},
        "fees": {
            "currency": answers.currency,
            "fixed": ({"name": fees[0], "amount": answers.monthly},),
            "units": ({"name": fees[1], "unit": "device", "amount": answers.per_device},)
            if answers.per_device
            else (),
            "included": ({"hours": answers.included_hours, "exhausted": "warn"},)
            if answers.included_hours
            else (),
            "rates": ({"amount": answers.hourly},),
            "tax": {"code": "Z" if set(answers.tax) <= set("0.") else "S", "rate": answers.tax},
        },
        "payment": {"days": answers.payment_days, "suspension": {"grace": "30d", "notice": "14d"}},
        "duties": {"client": duties[0], "provider": duties[1]},
        "confidentiality": {
            "years": 3,
            "retention": {"log": "3650d", "texts": "1095d", "personal": "1095d", "configurations": "400d"},
        },
        "law": {"governing": answers.law},
    }
    if answers.emergency:
        document["emergency"] = {
            "priority": "emergency",
            **({"phone": answers.phone} if answers.phone else {}),
        }
    return Agreement.model_validate(document)


def _party(name: str, address: str, signs: str) -> dict[str, object]:
    return {"name": name, "address": address, "represented_by": {"name": signs}}


def _after(begins: date, months: int) -> date:
    """The last day of a term of whole months."""
    month = begins.month - 1 + months
    year, month = begins.year + month // 12, month % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(begins.day, (following - timedelta(days=1)).day)) - timedelta(days=1)
