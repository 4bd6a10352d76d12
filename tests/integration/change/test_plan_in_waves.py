"""A plan says in which waves it commits, why, under which timers and in which guarantee; a deploy keeps to it."""

import pytest

from netmgr.cli.view_change import show_plan
from netmgr.errors import Refused, UsageError
from netmgr.model.selection import Selection
from netmgr.workflows.deploy import deploy, parse_plan, plan, saved
from netmgr.workflows.gates import DeployRequest

EVERYTHING = Selection()
HOSTS, TOPOLOGY = "inventory/square/hosts.yaml", "inventory/square/topology.yaml"
POLICY = "config/policies/waves.yaml"


def yes(_plan):
    return True


def planned(world, **asked):
    return plan(world.runtime(), EVERYTHING, DeployRequest(**asked))


def policy(world, text):
    path = world.workspace / POLICY
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def square(world):
    """The square, deployed; r2 and r4 are redundant, and management enters at r1."""
    deploy(world.runtime(), EVERYTHING, DeployRequest(), given=None, approve=yes)
    world.edit(TOPOLOGY, lambda text: f"{text}redundancy: [[r2, r4]]\nentry: [r1]\n")
    return world


def new_loopbacks(world):
    """A change on every device and on no link."""
    world.edit(HOSTS, lambda text: text.replace("10.255.0.", "10.254.0."))


def test_the_waves_their_reasons_and_their_timers(square):
    new_loopbacks(square)
    made = planned(square)
    assert made.waves == (("r2", "r3"), ("r4",), ("r1",))
    assert [(why.reason, why.cut_off) for why in made.why] == [
        ("1 to 2 links from r1", ()),
        ("1 link from r1; r4 not with r2: one redundancy group", ()),
        ("where management enters; alone, for without it others have no way to r1", ("r2", "r3", "r4")),
    ]
    assert {device.device: device.wave for device in made.devices} == {"r1": 3, "r2": 1, "r3": 1, "r4": 2}
    assert [(timer.seconds, timer.checks) for timer in made.timers] == [(290, 95), (195, 95), (100, 95)]
    assert (made.atomic, made.atomic_reason, made.confirm_in) == ("network", None, 290)
    assert [made.timer_of(name).wave for name in ("r1", "r2", "r3", "r4")] == [3, 1, 1, 2]


def test_an_as_number_that_changes_takes_its_neighbors_along_unless_redundancy_forbids_it(square):
    square.edit(HOSTS, lambda text: text.replace("asn: 65001", "asn: 65099"))
    made = planned(square)
    assert made.waves == (("r4",), ("r1", "r2"))
    assert [why.reason for why in made.why] == [
        "1 link from r1",
        "0 to 1 links from r1; r1 and r2 together: data of links between them changes; "
        "by themselves, for without them others have no way to r1",
    ]
    assert made.why[1].cut_off == ("r3", "r4")


def test_what_was_asked_for_is_the_longest_timer(square):
    new_loopbacks(square)
    made = planned(square, confirm_in=65)
    assert [timer.seconds for timer in made.timers] == [65, 45, 25]
    with pytest.raises(UsageError, match="--confirm-in 9 is too short"):
        planned(square, confirm_in=9)


def test_a_canary_goes_first_and_a_saved_plan_keeps_it(square):
    new_loopbacks(square)
    made = planned(square, canary=1)
    assert made.waves == (("r3",), ("r2",), ("r4",), ("r1",))
    assert made.why[0].reason == "canary; 2 links from r1"
    given = parse_plan(saved(made), "plan.json")
    seen = []
    result = deploy(
        square.runtime(), EVERYTHING, DeployRequest(), given=given, approve=lambda p: not seen.append(p)
    )
    assert (result.outcome, result.plan) == ("applied", made.id)
    assert (seen[0].waves, seen[0].timers, seen[0].canary) == (made.waves, made.timers, 1)


def test_a_policy_cuts_and_limits_the_waves(square):
    new_loopbacks(square)
    square.edit(HOSTS, lambda text: text.replace("r3:\n  data:\n", "r3:\n  data:\n    role: core\n"))
    policy(square, "waves: {by: role, order: [core]}\n")
    made = planned(square)
    assert made.waves == (("r3",), ("r2",), ("r4",), ("r1",))
    assert [why.reason.split("; ")[0] for why in made.why] == ["role core", "no role", "no role", "no role"]
    policy(square, "waves: {largest: 1}\n")
    assert max(map(len, planned(square).waves)) == 1


def test_a_policy_makes_each_wave_a_transaction_of_its_own(square, capsys):
    new_loopbacks(square)
    policy(square, "atomic: wave\n")
    made = planned(square)
    assert (made.atomic, made.atomic_reason, made.confirm_in) == ("wave", "a policy says so", 100)
    show_plan(made, output="table")
    assert (
        "guarantee: each wave all or nothing (atomic: wave), device-side timer 100 s; if a wave fails,"
        in (capsys.readouterr().out)
    )


def test_a_plan_whose_waves_a_policy_changes_is_stale(square):
    new_loopbacks(square)
    given = planned(square)
    policy(square, "waves: {largest: 1}\n")
    with pytest.raises(Refused) as refused:
        deploy(square.runtime(), EVERYTHING, DeployRequest(), given=given, approve=yes)
    assert (refused.value.gate, refused.value.reason) == (
        "stale_plan",
        "the change would go in other waves now: a policy has changed",
    )


TABLE = """\
WAVE  DEVICES  TIMER  WHY                                                                 CUTS OFF
   1  r2, r3   290 s  1 to 2 links from r1
   2  r4       195 s  1 link from r1; r4 not with r2: one redundancy group
   3  r1       100 s  where management enters; alone, for without it others have no way   r2, r3, r4
                      to r1
"""


def test_the_table_fits_the_page(square, capsys):
    new_loopbacks(square)
    show_plan(planned(square), output="table")
    shown = capsys.readouterr().out
    assert shown[shown.index("WAVE") : shown.index("plan ")] == TABLE
    assert max(map(len, shown.splitlines())) <= 100


def test_what_waits_is_named_or_counted_if_it_is_much(square, capsys):
    square.edit(HOSTS, lambda text: text.replace("asn: 65001", "asn: 65099"))
    made = planned(square)
    show_plan(made, output="table")
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("pending")] == [
        "pending: r4: bgp 10.0.0.7: r1 comes in wave 2"
    ]
    many = tuple(f"bgp 10.0.0.{number}: r1 comes in wave 2" for number in range(13))
    devices = tuple(d.model_copy(update={"pending": many if d.pending else ()}) for d in made.devices)
    show_plan(made.model_copy(update={"devices": devices}), output="table")
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("pending")] == [
        "pending: r4: 13 adjacencies wait for a later wave; -o json names them"
    ]


def test_a_wave_of_very_many_devices_is_a_short_row(square, capsys):
    new_loopbacks(square)
    made = planned(square)
    names = tuple(f"router{number}" for number in range(1000))
    long = made.model_copy(update={"waves": (names, *made.waves[1:]), "why": (made.why[0], *made.why[1:])})
    show_plan(long, output="table")
    shown = capsys.readouterr().out
    assert "and 988 more" in " ".join(shown.split())
    assert "router12" not in shown
