"""A small agreement with every kind of block in it, in both locales."""

from datetime import UTC, date, datetime

from netmgr.adapters.package_templates import words_in
from netmgr.document.block import (
    Bullets,
    Chart,
    Clause,
    Column,
    Definition,
    Definitions,
    Document,
    Fact,
    FactList,
    Figure,
    Figures,
    Paragraph,
    Section,
    Series,
    Signature,
    SignatureLine,
    Signatures,
    Table,
)
from netmgr.document.numbering import numbered

ENGLISH = {
    "kind": "Service agreement",
    "title": "IT support for Acme",
    "author": "Provider Ltd",
    "mark": "Draft, not signed.",
    "opening": "This agreement is made between Provider Ltd and Acme.",
    "header": 'Provider Ltd · "Acme" \\ </style>',
    "footer": "Version 1",
    "terms": "Terms",
    "working": "Working hours",
    "hours": "Monday to Friday, 09:00 to 18:00.",
    "services": "Services",
    "tracks": "The provider tracks faults and resolves them.",
    "fault": "faults of equipment",
    "network": "faults of the network",
    "levels": "Service levels",
    "promised": "Response and resolution times by priority",
    "priority": "Priority",
    "response": "Response",
    "resolution": "Resolution",
    "from": "In force from",
    "emergency": "Emergency",
    "normal": "Normal",
    "none": "No level was agreed.",
    "duties": "Duties of the client",
    "access": "The client gives access.",
    "figures": "Devices",
    "chart": "Changes, by month",
    "month": ("Jan", "Feb"),
    "applied": "applied",
    "seen": "Jan: 1 applied; Feb: 3 applied",
    "signing": "Signatures",
    "a": "Party A",
    "b": "Party B",
    "client": "Acme",
    "lines": ("Name", "Date", "Signature"),
    "annex": "Devices covered",
    "device": "Device",
    "from_key": "Key",
}
CHINESE = {
    "kind": "服务协议",
    "title": "信息技术支持服务协议",
    "author": "服务商有限公司",
    "mark": "草案，尚未签署。",
    "opening": "本协议由服务商有限公司与示例公司签订。",
    "header": "服务商有限公司",
    "footer": "第1版",
    "terms": "定义",
    "working": "工作时间",
    "hours": "周一至周五，09:00至18:00。",
    "services": "服务内容",
    "tracks": "乙方负责故障的跟踪与解决。",
    "fault": "设备故障",
    "network": "网络故障",
    "levels": "服务级别",
    "promised": "各优先级的响应时间与解决时间",
    "priority": "优先级",
    "response": "响应时间",
    "resolution": "解决时间",
    "from": "生效日期",
    "emergency": "紧急",
    "normal": "一般",
    "none": "未约定服务级别。",
    "duties": "甲方义务",
    "access": "甲方应提供必要的访问权限。",
    "figures": "设备",
    "chart": "每月变更",
    "month": ("一月", "二月"),
    "applied": "已实施",
    "seen": "一月：已实施1项；二月：已实施3项",
    "signing": "签署",
    "a": "甲方",
    "b": "乙方",
    "client": "示例公司",
    "lines": ("姓名", "日期", "签字（盖章）"),
    "annex": "服务范围内的设备",
    "device": "设备",
    "from_key": "密钥",
}
TEXTS = {"en": ENGLISH, "zh-CN": CHINESE}


def agreement(locale, rows=2, **changed):
    """The example, with these texts in place of its own."""
    t = {**TEXTS[locale], **changed}
    words = words_in(locale, "Asia/Shanghai")
    levels = Table(
        "levels",
        t["promised"],
        (
            Column("priority", t["priority"], "word"),
            Column("response", t["response"], "duration"),
            Column("resolution", t["resolution"], "duration"),
            Column("from", t["from"], "day", wide=True),
            Column("seq", "seq", "count", exact=True),
        ),
        (
            (t["emergency"], 1_800_000, 14_400_000, date(2026, 12, 1), 7),
            (t["normal"], 14_400_000, None, date(2026, 12, 1), 8),
        ),
        t["none"],
    )
    lines = (SignatureLine(t["lines"][0], t["a"]), *(SignatureLine(line) for line in t["lines"][1:]))
    sections = (
        Section("terms", t["terms"], (Definitions((Definition(t["working"], t["hours"]),)),)),
        Section(
            "services",
            t["services"],
            (
                Clause(t["tracks"], (Clause(t["fault"], key="fault"), Clause(t["network"])), key="tracks"),
                Clause(t["tracks"]),
            ),
            (Section("duties", t["duties"], (Clause(t["access"]), Bullets((t["access"], t["fault"])))),),
        ),
        Section(
            "levels",
            t["levels"],
            (
                levels,
                Table("empty", t["promised"], levels.columns, (), t["none"]),
                Figures((Figure("devices", t["figures"], 1234, t["access"], "good"),)),
                Chart("changes", t["chart"], t["month"], (Series(t["applied"], "good", (1, 3)),), t["seen"]),
            ),
        ),
        Section(
            "signing",
            t["signing"],
            (Signatures((Signature(t["a"], t["client"], lines), Signature(t["b"], t["author"], lines))),),
        ),
        Section(
            "devices",
            t["annex"],
            (
                Paragraph(t["access"], "attention"),
                Table(
                    "devices",
                    t["annex"],
                    (Column("device", t["device"], "word"), Column("since", t["from"], "time")),
                    tuple((f"core{n}", datetime(2026, 11, 28, n % 24, tzinfo=UTC)) for n in range(rows)),
                    t["none"],
                ),
                FactList((Fact("key", t["from_key"], "ed25519:00ff", "code"),)),
            ),
            annex=True,
        ),
    )
    made = Document(
        title=t["title"],
        kind=t["kind"],
        author=t["author"],
        day=date(2026, 11, 28),
        opening=(Paragraph(t["opening"]),),
        sections=numbered(sections, words),
        header=t["header"],
        footer=t["footer"],
        marks=(t["mark"],),
    )
    return made, words
