"""What holds for every network that can be drawn: both ends agree, and resolving is a function."""

from hypothesis import given, settings
from hypothesis import strategies as st

from netmgr.intent.adjacency import adjacencies, known_adjacencies
from tests.unit.intent.resolving import intent_of


@st.composite
def networks(draw):
    """A client of up to eight routers with any links between them."""
    count = draw(st.integers(2, 8))
    pairs = [(a, b) for a in range(count) for b in range(count) if a != b]
    links = draw(st.lists(st.sampled_from(pairs), max_size=12))
    lifecycles = draw(
        st.lists(
            st.sampled_from(("active", "planned", "maintenance", "external")), min_size=count, max_size=count
        )
    )
    hosts = "".join(
        f"r{i}: {{data: {{lifecycle: {lifecycles[i]}, loopback: 10.255.0.{i + 1}, bgp: {{asn: {64500 + i % 3}}}}}}}\n"
        for i in range(count)
    )
    used = [0] * count
    topology = ""
    for index, pair in enumerate(links):
        for end in pair:
            used[end] += 1
        ends = ", ".join(f'"r{end}:eth{used[end]}"' for end in pair)
        subnet = f"10.0.{index}.0/{draw(st.sampled_from((31, 30, 29, 24)))}"
        ospf = draw(st.sampled_from(("", ", ospf: {area: 0}", ", ospf: {area: 1, cost: 5}")))
        bgp = draw(st.sampled_from(("", ", bgp: true")))
        topology += f"  - {{endpoints: [{ends}], subnet: {subnet}{ospf}{bgp}}}\n"
    return hosts, topology


@given(networks())
@settings(max_examples=150, deadline=None)
def test_both_ends_agree(generated):
    intent = intent_of(*generated)
    devices = {d.name: d for d in intent.devices}
    interfaces = {(d.name, i.name): i for d in intent.devices for i in d.interfaces}
    for (name, _), one in interfaces.items():
        if one.peer is None:
            continue
        other = interfaces[one.peer]
        assert other.peer == (name, one.name)
        assert {a.network for a in one.ipv4} == {a.network for a in other.ipv4}
        assert one.ospf == other.ospf
    addresses = [a.ip for i in interfaces.values() for a in i.ipv4]
    assert len(addresses) == len(set(addresses))
    for d in devices.values():
        for neighbor in d.bgp.neighbors:
            peer = devices[neighbor.device]
            assert neighbor.peer_as == peer.bgp.asn
            assert neighbor.address in {a.ip for i in peer.interfaces for a in i.ipv4}
            mine = {a.ip for i in d.interfaces for a in i.ipv4}
            assert any(back.address in mine and back.peer_as == d.bgp.asn for back in peer.bgp.neighbors)


@given(networks())
@settings(max_examples=100, deadline=None)
def test_adjacencies_have_two_ends(generated):
    intent = intent_of(*generated)
    found = adjacencies(intent)
    lifecycle = {d.name: d.lifecycle for d in intent.devices}
    assert {lifecycle[a.device] for a in found} <= {"active", "maintenance"}
    assert {lifecycle[a.other] for a in found} <= {"active", "maintenance", "external"}
    keys = {(a.device, a.protocol, a.peer) for a in found}
    assert len(keys) == len(found)
    assert keys <= known_adjacencies(intent)
    for protocol in ("ospf", "bgp"):
        ends = sorted((a.device, a.other) for a in found if a.protocol == protocol)
        ours = [pair for pair in ends if lifecycle[pair[1]] != "external"]
        assert sorted((b, a) for a, b in ours) == ours


@given(networks())
@settings(max_examples=50, deadline=None)
def test_resolving_is_a_function(generated):
    assert intent_of(*generated) == intent_of(*generated)
