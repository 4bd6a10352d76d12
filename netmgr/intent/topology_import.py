"""A published topology → the files of a new client, by stated rules (docs/reference/inventory.md, "Import").

- Every node is a device. Device i (from 1, in the file's order) has the loopback 10.255.0.0 + i and AS 4200000000 + i,
  one of the private 4-byte numbers (RFC 6996).
- Every link is a /31 of 10.0.0.0/16, in the file's order; each device's interfaces are eth1, eth2 … in that order too.
- Every link runs OSPF area 0 and BGP. BGP announces nothing: OSPF carries every route, so that the routing table
  depends on the configuration alone, not on which of several equal eBGP routes came first.
- Nodes at the same place share a site.
"""

import re
from collections.abc import Mapping
from ipaddress import IPv4Network

from netmgr.model.topology import Node, PublishedTopology

LINKS = IPv4Network("10.0.0.0/16")
LOOPBACKS = IPv4Network("10.255.0.0/16")
FIRST_AS = 4200000001
MAX_LINKS = LINKS.num_addresses // 2
MAX_NODES = LOOPBACKS.num_addresses - 2


def client_documents(topology: PublishedTopology, client: str) -> Mapping[str, Mapping[str, object]]:
    """File name → content of the client's inventory. The topology has at most MAX_NODES nodes and MAX_LINKS links."""
    sites = _sites(topology.nodes)
    return {
        "client.yaml": {
            "id": client,
            "names": {"en": client},
            "sites": {name: _place(node) for name, node in _first_of(sites, topology.nodes).items()},
        },
        "defaults.yaml": {
            "platform": "frr",
            "data": {"role": "router", "bgp": {"ebgp_requires_policy": False}},
        },
        "hosts.yaml": {
            node.name: {
                "data": {
                    "uid": node.name,
                    **({"site": sites[node.name]} if node.name in sites else {}),
                    "loopback": str(LOOPBACKS[index]),
                    "bgp": {"asn": FIRST_AS + index - 1},
                }
            }
            for index, node in enumerate(topology.nodes, 1)
        },
        "topology.yaml": {"links": _links(topology)},
    }


def _links(topology: PublishedTopology) -> list[Mapping[str, object]]:
    used = dict.fromkeys((node.name for node in topology.nodes), 0)
    links: list[Mapping[str, object]] = []
    for index, ends in enumerate(topology.links):
        for end in ends:
            used[end] += 1
        subnet = IPv4Network((int(LINKS.network_address) + 2 * index, 31))
        links.append(
            {
                "endpoints": [f"{end}:eth{used[end]}" for end in ends],
                "subnet": str(subnet),
                "ospf": {"area": 0},
                "bgp": True,
            }
        )
    return links


def _sites(nodes: tuple[Node, ...]) -> dict[str, str]:
    """Node → site, for nodes with coordinates: the place's first node gives its name, without the number that tells
    it from the others.
    """
    places: dict[tuple[object, object], list[str]] = {}
    for node in nodes:
        if node.latitude is not None and node.longitude is not None:
            places.setdefault((node.latitude, node.longitude), []).append(node.name)
    sites: dict[str, str] = {}
    for names in places.values():
        short = re.sub(r"-?[0-9]+$", "", names[0]) if len(names) > 1 else names[0]
        site = short if short and short not in sites.values() else names[0]
        sites.update(dict.fromkeys(names, site))
    return sites


def _first_of(sites: Mapping[str, str], nodes: tuple[Node, ...]) -> dict[str, Node]:
    first: dict[str, Node] = {}
    for node in nodes:
        if node.name in sites:
            first.setdefault(sites[node.name], node)
    return first


def _place(node: Node) -> Mapping[str, object]:
    place: dict[str, object] = {"country": node.country} if node.country else {}
    return {**place, "latitude": node.latitude, "longitude": node.longitude}
