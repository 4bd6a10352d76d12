"""Waves: each one allowed by a check of its own that knows nothing of the planner, in order, every device once."""

from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netmgr.change.topology import Topology
from netmgr.change.waves import plan_waves
from netmgr.errors import UsageError


def reached(topology, without):
    """Who reaches an entry in the topology without some devices, by repeating the definition until it holds."""
    found = set(topology.entry) - set(without)
    while True:
        more = {
            b
            for pair in topology.links
            for a, b in (pair, pair[::-1])
            if a in found and b not in found and b not in without
        }
        if not more:
            return found
        found |= more


def cut_off(topology, wave):
    """Who reaches an entry, and does not without the wave."""
    lost = reached(topology, ()) - reached(topology, wave) - set(wave) - topology.external
    return tuple(name for name in topology.devices if name in lost)


def rivals(topology, names):
    """Whether two of ``names`` are of one redundancy group."""
    return any({a, b} <= set(group) for a, b in combinations(names, 2) for group in topology.redundancy)


def distances(topology):
    found, ring, steps = {}, set(topology.entry), 0
    while ring:
        found |= dict.fromkeys(ring, steps)
        ring = {b for pair in topology.links for a, b in (pair, pair[::-1]) if a in ring and b not in found}
        steps += 1
    return found


def components(wave, pairs):
    """The parts of a wave that ``pairs`` hold together."""
    left, found = list(wave), []
    while left:
        part = {left.pop()}
        while more := {b for p in pairs for a, b in (p, p[::-1]) if a in part and b in left}:
            part |= more
            left = [name for name in left if name not in more]
        found.append(part)
    return found


#: A busy machine is no reason to fail.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = tuple("abcdefgh")
SOME = st.sets(st.sampled_from(NAMES)).map(lambda names: tuple(sorted(names)))
PAIRS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] != pair[1]),
    max_size=14,
).map(tuple)


@st.composite
def changes(draw):
    topology = Topology(
        devices=NAMES,
        links=draw(PAIRS),
        redundancy=tuple(draw(st.lists(SOME.filter(lambda group: len(group) > 1), max_size=3))),
        entry=draw(SOME.filter(lambda names: len(names) < 4)),
        oob=frozenset(draw(SOME)),
        external=frozenset(draw(SOME)),
    )
    changed = tuple(name for name in draw(SOME) if name not in topology.external)
    together = tuple(p for p in topology.links if set(p) <= set(changed) and draw(st.booleans()))
    return topology, changed, together


@patient
@given(changes())
def test_every_changed_device_is_in_exactly_one_wave(change):
    topology, changed, together = change
    waves, why = plan_waves(topology, changed, together=together)
    assert sorted(name for wave in waves for name in wave) == sorted(changed)
    assert all(waves)
    assert [reason.wave for reason in why] == list(range(1, len(waves) + 1))
    assert all(reason.reason for reason in why)


@patient
@given(changes())
def test_every_wave_is_allowed_and_names_whom_it_cuts_off(change):
    topology, changed, together = change
    waves, why = plan_waves(topology, changed, together=together)
    for wave, reason in zip(waves, why, strict=True):
        assert not rivals(topology, wave)
        assert reason.cut_off == cut_off(topology, wave)
        assert not reason.cut_off or len(components(wave, together)) == 1


@patient
@given(changes())
def test_the_ends_of_a_changed_link_share_a_wave_unless_redundancy_forbids_it(change):
    topology, changed, together = change
    waves, _ = plan_waves(topology, changed, together=together)
    number = {name: index for index, wave in enumerate(waves) for name in wave}
    units = {name: part for wave in waves for part in components(wave, together) for name in part}
    for a, b in together:
        assert number[a] == number[b] or rivals(topology, units[a] | units[b])


@patient
@given(changes())
def test_the_farthest_go_first(change):
    topology, changed, together = change
    waves, _ = plan_waves(topology, changed, together=together)
    far = distances(topology)
    nearest = [
        [
            min(far.get(name, 99) for name in part - topology.oob)
            for part in components(wave, together)
            if part - topology.oob
        ]
        for wave in waves
    ]
    for earlier, later in combinations([levels for levels in nearest if levels], 2):
        assert min(earlier) >= max(later)


@patient
@given(changes(), st.integers(1, 4))
def test_the_largest_wave_and_the_canary_are_kept(change, most):
    topology, changed, together = change
    waves, _ = plan_waves(topology, changed, together=together, largest=most)
    assert all(len(wave) <= most or len(components(wave, together)) == 1 for wave in waves)
    try:
        waves, why = plan_waves(topology, changed, together=together, canary=most)
    except UsageError:
        every = [part for wave in waves for part in components(wave, together)]
        assert all(len(part) > most for part in every)
        return
    assert sorted(name for wave in waves for name in wave) == sorted(changed)
    for wave, reason in zip(waves, why, strict=True):
        assert not rivals(topology, wave)
        assert reason.cut_off == cut_off(topology, wave)
    if waves:
        assert len(waves[0]) <= most
    if waves and why[0].cut_off:
        small = [p for wave in waves for p in components(wave, together) if len(p) <= most]
        assert all(cut_off(topology, part) for part in small), (
            "the canary cuts off only where everything does"
        )
