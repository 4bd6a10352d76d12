"""China's public holidays of 2025 and 2026 as they were published.

General Office of the State Council, arrangement of 12 November 2024 for 2025
(https://www.gov.cn/zhengce/content/202411/content_6986382.htm) and of 4 November 2025 for 2026
(https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm).
"""

from datetime import date, timedelta


def days(first, last):
    """Every day from the first to the last."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [begin + timedelta(days=number) for number in range((end - begin).days + 1)]


#: First and last free day.
STRETCHES = [
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
    ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"),
    ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
]
FREE = frozenset(day for stretch in STRETCHES for day in days(*stretch))

#: Days of weekends that are worked, like which weekday (0 is Monday). The arrangement does not say that: it is the free
#: weekday, no holiday by law, that the day makes up for, in their order.
WORKED = {
    "2025-01-26": 0,
    "2025-02-08": 1,
    "2025-04-27": 0,
    "2025-09-28": 1,
    "2025-10-11": 2,
    "2026-01-04": 4,
    "2026-02-14": 4,
    "2026-02-28": 0,
    "2026-05-09": 1,
    "2026-09-20": 1,
    "2026-10-10": 2,
}
