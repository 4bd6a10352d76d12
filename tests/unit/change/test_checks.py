"""What must hold after a commit, and what is said of it."""

import pytest

from netmgr.change.checks import Hearing, Requirements, judge, requirements, waiting
from netmgr.model.change import CheckResult
from netmgr.model.intent import Adjacency
from netmgr.model.state import AdjacencyState

A_B = Adjacency(device="a", protocol="bgp", peer="10.0.0.1", other="b")
B_A = Adjacency(device="b", protocol="bgp", peer="10.0.0.0", other="a")


def key(adjacency):
    return (adjacency.device, adjacency.protocol, adjacency.peer)


def state(adjacency, *, up=True, expires=None, precision=0.0):
    detail = "Established" if up else "Active"
    return AdjacencyState(
        protocol=adjacency.protocol,
        peer=adjacency.peer,
        up=up,
        detail=detail,
        expires=expires,
        precision=precision,
    )


def after_each(*, waves, sides=(), before=(), configured=None, expected=(A_B, B_A), known=(A_B, B_A)):
    """``sides`` are the adjacencies of which the plan changes the end's side."""
    states = {}
    for adjacency in before:
        states.setdefault(adjacency.device, []).append(state(adjacency))
    everything = {
        "a": frozenset({("bgp", "10.0.0.1")}),
        "b": frozenset({("bgp", "10.0.0.0")}),
    }
    return requirements(
        expected=expected,
        known=frozenset(key(a) for a in known),
        waves=waves,
        sides={a.device: frozenset({(a.protocol, a.peer)}) for a in sides},
        configured=everything if configured is None else configured,
        before=states,
    )


def needed(*, changed, **said):
    (result,) = after_each(waves=[sorted(changed)], **said)
    return result


def test_between_two_changed_devices_an_adjacency_is_required_though_it_was_down():
    result = needed(changed={"a", "b"})
    assert (result.required, result.standing, result.pending) == (
        frozenset({key(A_B), key(B_A)}),
        frozenset(),
        {},
    )


def test_towards_a_device_outside_the_change_it_is_required_only_if_it_was_up():
    down = needed(changed={"a"})
    assert down.required == frozenset()
    assert down.pending == {key(A_B): "b is not part of this change, and it was down before"}
    up = needed(changed={"a"}, before=(A_B, B_A))
    assert (up.required, up.standing, up.pending) == ({key(A_B), key(B_A)}, {key(A_B), key(B_A)}, {})


def test_what_was_up_before_on_an_unchanged_device_is_required_too():
    assert needed(changed={"a"}, before=(B_A,)).required == {key(B_A)}


def test_an_adjacency_that_the_plan_no_longer_configures_is_let_go():
    result = needed(changed={"a", "b"}, before=(A_B, B_A), configured={"a": frozenset(), "b": frozenset()})
    assert (result.required, result.pending) == (frozenset(), {})


def test_one_that_the_inventory_knows_and_wants_down_is_let_go_at_both_ends():
    result = needed(changed={"a"}, before=(A_B, B_A), expected=())
    assert result.required == frozenset()


def test_one_that_stands_by_hand_in_the_configuration_is_required():
    result = needed(changed={"a"}, before=(A_B,), expected=(), known=())
    assert result.required == {key(A_B)}


BOTH = {key(A_B), key(B_A)}
IN_WAVE_2 = {key(A_B): "b comes in wave 2", key(B_A): "b comes in wave 2"}

WAVES = {
    # sides that the plan changes, what was up → required after wave 1 (a), what waits for wave 2 (b)
    "both sides change": ((A_B, B_A), BOTH, set(), IN_WAVE_2),
    "only the first one's side changes": ((A_B,), BOTH, set(), IN_WAVE_2),
    "only the later one's side changes": ((B_A,), BOTH, BOTH, {}),
    "neither side changes": ((), BOTH, BOTH, {}),
    "it is new, so it was down": ((A_B, B_A), set(), set(), IN_WAVE_2),
    "it was down, though neither side changes": ((), set(), set(), IN_WAVE_2),
}


@pytest.mark.parametrize(("sides", "up", "required", "pending"), WAVES.values(), ids=WAVES)
def test_between_two_waves_an_adjacency_waits_only_for_a_changed_side(sides, up, required, pending):
    before = tuple(a for a in (A_B, B_A) if key(a) in up)
    first, last = after_each(waves=[["a"], ["b"]], sides=sides, before=before)
    assert (first.required, first.pending, first.standing) == (required, pending, required & up)
    assert (last.required, last.pending) == (BOTH, {}), "after the last wave both ends are at their target"


def test_before_either_end_has_changed_an_adjacency_must_stay_up():
    first, _ = after_each(waves=[["c"], ["a", "b"]], sides=(A_B, B_A), before=(A_B, B_A))
    assert (first.required, first.pending) == (BOTH, {})
    first, _ = after_each(waves=[["c"], ["a", "b"]], sides=(A_B, B_A))
    assert (first.required, first.pending) == (set(), {}), "down, and nobody has touched it yet"


def test_a_plan_names_what_waits_for_a_later_wave():
    told = {"a": ("bgp 10.0.0.1: b comes in wave 2",)}
    assert waiting([A_B, B_A], [["a"], ["b"]], {"a": frozenset({("bgp", "10.0.0.1")})}) == told
    assert waiting([A_B, B_A], [["a"], ["b"]], {"b": frozenset({("bgp", "10.0.0.0")})}) == {}
    assert waiting([A_B, B_A], [["a", "b"]], {"a": frozenset({("bgp", "10.0.0.1")})}) == {}


def test_a_silent_neighbor_is_not_up_until_it_is_heard():
    requirement = Requirements(required=frozenset({key(A_B)}), standing=frozenset({key(A_B)}), pending={})
    hearing = Hearing()

    def poll(at, expires):
        now = {"a": [state(A_B, expires=expires)]}
        hearing.listen(at, now)
        return judge(requirement, now, unread={}, silent=hearing.silent(requirement.standing))[0]

    silent = "10.0.0.1: Established, but nothing heard since the commit"
    assert poll(0.0, 3.0) == CheckResult(name="bgp_adjacency", device="a", status="failed", detail=silent)
    assert poll(1.0, 2.0).status == "failed"
    assert poll(2.0, 3.9) == CheckResult(
        name="bgp_adjacency", device="a", status="passed", detail="10.0.0.1: Established"
    )


HEARD = {
    "steady, so it was heard": ([(0.0, 3), (1.0, 3), (2.0, 3), (3.0, 3)], [False, False, True, True]),
    "silent, counted down": ([(0.0, 3), (0.9, 3), (1.0, 2), (1.9, 2), (2.9, 1), (3.9, 0)], [False] * 6),
    "a shorter dead interval, then a hello": (
        [(0.0, 39), (1.0, 3), (2.0, 2), (2.1, 3)],
        [False, False, False, False],
    ),
    "a shorter dead interval, then hellos": (
        [(0.0, 39), (1.0, 3), (2.0, 3), (3.0, 3)],
        [False, False, False, True],
    ),
}


@pytest.mark.parametrize(("polls", "heard"), HEARD.values(), ids=HEARD)
def test_whole_seconds_are_no_proof_of_a_hello(polls, heard):
    hearing, found = Hearing(), []
    for at, expires in polls:
        hearing.listen(at, {"a": [state(A_B, expires=expires, precision=1.0)]})
        found.append(not hearing.silent([key(A_B)]))
    assert found == heard


def test_a_poll_that_takes_long_is_no_proof_of_a_hello():
    """Asked at 1.0 and at 2.5 the neighbor has been silent: that its answers came late does not count for it."""
    hearing, found = Hearing(), []
    for at, expires, until in ((0.0, 3.0, 1.0), (1.5, 1.5, 3.5), (4.0, 3.5, 4.1)):
        hearing.listen(at, {"a": [state(A_B, expires=expires)]}, until=until)
        found.append(not hearing.silent([key(A_B)]))
    assert found == [False, False, True]


def test_where_the_device_does_not_tell_its_word_is_taken():
    hearing = Hearing()
    hearing.listen(0.0, {"a": [state(A_B)]})
    assert hearing.silent([key(A_B)]) == frozenset()


def test_every_requirement_gets_one_result():
    requirement = Requirements(
        required=frozenset({key(A_B), key(B_A)}),
        standing=frozenset(),
        pending={("a", "ospf", "eth1"): "c is not part of this change"},
    )
    results = judge(
        requirement, {"a": [state(A_B, up=False)]}, unread={"b": "no new login"}, silent=frozenset()
    )
    assert [(r.device, r.name, r.status, r.detail) for r in results] == [
        ("a", "bgp_adjacency", "failed", "10.0.0.1: Active"),
        ("a", "ospf_adjacency", "pending", "eth1: not there (c is not part of this change)"),
        ("b", "bgp_adjacency", "failed", "10.0.0.0: no new login"),
    ]
