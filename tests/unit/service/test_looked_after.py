"""Which devices, assets and sites were looked after on which days, from the log's inventory entries."""

from datetime import date
from types import SimpleNamespace

from netmgr.service.looked_after import assets, devices, sites

ZONE = "Europe/Berlin"
UNTIL = date(2026, 6, 30)


class Log:
    """Entries as the workflow writes them."""

    def __init__(self):
        self.entries, self.known = [], {}

    def note(self, time, target="network", **devices):
        """``name={...}`` with what is described; entries name what is new or another."""
        seq = len(self.entries) + 1
        facts = {
            "devices": {uid: repr(said) for uid, said in devices.items()},
            "described": {uid: said for uid, said in devices.items() if self.known.get(uid) != said},
        }
        if target == "network":
            self.known = devices
        self.entries.append(SimpleNamespace(kind="inventory", target=target, time=time, facts=facts, seq=seq))
        return self

    def days(self, until=UNTIL):
        return [
            (one.name, one.site, one.first, one.last, one.evidence)
            for one in devices(self.entries, ZONE, until)
        ]


A, B = {"name": "a", "site": "hq"}, {"name": "b"}


def test_a_device_counts_from_the_day_on_which_it_is_there_to_the_one_before_it_goes():
    log = Log().note("2026-06-03T10:00:00Z", a=A, b=B).note("2026-06-10T10:00:00Z", b=B)
    assert log.days() == [
        ("a", "hq", date(2026, 6, 3), date(2026, 6, 9), (1, 2)),
        ("b", None, date(2026, 6, 3), UNTIL, (1,)),
    ]


def test_days_are_those_of_the_agreements_clocks():
    assert Log().note("2026-06-03T22:30:00Z", a=A).days()[0][2] == date(2026, 6, 4)


def test_what_comes_and_goes_on_one_day_does_not_count_and_what_comes_back_counts_again():
    log = Log().note("2026-06-03T10:00:00Z", a=A).note("2026-06-03T11:00:00Z", b=B)
    log.note("2026-06-20T10:00:00Z", a=A, b=B)
    assert log.days() == [
        ("a", "hq", date(2026, 6, 20), UNTIL, (3,)),
        ("b", None, date(2026, 6, 3), UNTIL, (2,)),
    ]


def test_a_device_that_gets_another_name_or_site_is_that_from_its_day():
    log = (
        Log()
        .note("2026-06-03T10:00:00Z", a=A)
        .note("2026-06-10T10:00:00Z", a={"name": "x", "site": "branch"})
    )
    assert log.days() == [
        ("a", "hq", date(2026, 6, 3), date(2026, 6, 9), (1, 2)),
        ("x", "branch", date(2026, 6, 10), UNTIL, (2,)),
    ]


def test_of_one_days_descriptions_the_last_one_counts():
    log = Log().note("2026-06-03T10:00:00Z", a=A)
    log.note("2026-06-03T11:00:00Z", a={"name": "x", "site": "branch", "from": "2026-06-01"})
    assert log.days() == [("x", "branch", date(2026, 6, 1), UNTIL, (2,))]


def test_its_own_service_days_have_the_last_word():
    log = Log().note("2026-06-10T10:00:00Z", a={**A, "from": "2026-06-01", "to": "2026-06-20"})
    assert log.days() == [("a", "hq", date(2026, 6, 1), date(2026, 6, 20), (1,))]
    log = Log().note("2026-06-01T10:00:00Z", a=A).note("2026-06-15T10:00:00Z", a={**A, "to": "2026-06-12"})
    assert log.days() == [("a", "hq", date(2026, 6, 1), date(2026, 6, 12), (1, 2))]
    assert Log().note("2026-06-01T10:00:00Z", a={**A, "from": "2026-07-01"}).days() == []


def test_what_is_planned_or_anothers_does_not_count():
    log = Log().note(
        "2026-06-01T10:00:00Z", a={**A, "lifecycle": "planned"}, b={**B, "lifecycle": "external"}
    )
    log.note("2026-06-05T10:00:00Z", a={**A, "lifecycle": "active"}, b={**B, "lifecycle": "external"})
    assert log.days() == [("a", "hq", date(2026, 6, 5), UNTIL, (2,))]


def test_the_lab_and_later_days_do_not_count():
    log = Log().note("2026-06-01T10:00:00Z", a=A).note("2026-06-02T10:00:00Z", "lab", b=B)
    log.note("2026-07-01T10:00:00Z", b=B)
    assert log.days() == [("a", "hq", date(2026, 6, 1), UNTIL, (1,))]


def test_entries_that_describe_nothing_name_devices_by_their_uid():
    log = Log().note("2026-06-01T10:00:00Z", a=A)
    del log.entries[0].facts["described"]
    assert log.days() == [("a", None, date(2026, 6, 1), UNTIL, (1,))]


def test_a_site_counts_on_the_days_of_what_stands_there():
    log = Log().note("2026-06-03T10:00:00Z", a=A, b=B)
    assert [
        (one.unit, one.name, one.first, one.last) for one in sites(devices(log.entries, ZONE, UNTIL))
    ] == [("site", "hq", date(2026, 6, 3), UNTIL)]


def test_what_is_written_down_later_counts_where_its_own_days_say_so():
    log = Log().note("2026-06-01T10:00:00Z", a=A)
    log.note("2026-07-02T10:00:00Z", a={**A, "to": "2026-06-12"}, b={**B, "from": "2026-06-20"})
    assert log.days() == [
        ("a", "hq", date(2026, 6, 1), date(2026, 6, 12), (1, 2)),
        ("b", None, date(2026, 6, 20), UNTIL, (2,)),
    ]


def test_a_piece_names_the_entries_that_begin_and_end_it_and_no_others():
    log = Log().note("2026-06-01T10:00:00Z", a=A).note("2026-06-05T10:00:00Z", a={**A, "site": "branch"})
    log.note("2026-06-09T10:00:00Z", a=A).note("2026-07-01T10:00:00Z", a={**A, "role": "core"})
    assert [evidence for *_, evidence in log.days()] == [(1, 2), (2, 3), (3,)]


def noted(time, seq, **said):
    """An entry that tells of assets; without any, one of a release that knew none."""
    facts = {"devices": {}, "described": {}}
    if said:
        facts["assets"] = said["assets"]
    return SimpleNamespace(kind="inventory", target="network", time=time, facts=facts, seq=seq)


def of_assets(**described):
    return {"assets": {"all": {uid: repr(said) for uid, said in described.items()}, "described": described}}


def test_assets_count_as_devices_do_and_an_entry_without_leaves_them():
    server = {"name": "files1", "kind": "server", "site": "hq"}
    entries = [
        noted("2026-06-01T10:00:00Z", 1),
        noted("2026-06-03T10:00:00Z", 2, **of_assets(u1=server, u2={"name": "nas", "in_scope": False})),
        noted("2026-06-05T10:00:00Z", 3),
        noted("2026-06-20T10:00:00Z", 4, **of_assets()),
    ]
    (found,) = assets(entries, ZONE, UNTIL)
    assert (found.unit, found.uid, found.name, found.kind, found.site) == (
        "asset", "u1", "files1", "server", "hq",
    )  # fmt: skip
    assert (found.first, found.last, found.evidence) == (date(2026, 6, 3), date(2026, 6, 19), (2, 4))
    assert devices(entries, ZONE, UNTIL) == ()
