"""Every field of the inventory's files that takes text which looks like a program's template, and what it takes."""

from collections.abc import Iterator
from typing import Any

TOUCH = "{{ lookup('pipe', 'touch x') }}"
#: From the plainest on: the others fit where text has a form.
VARIANTS = (
    TOUCH,
    f"/{TOUCH}",
    "{{q('pipe','touch$IFS''x')}}",
    "{{x}}@acme.example",
    f"ssh://host/{TOUCH}",
    f"r1:{TOUCH}",
)

#: What devices, groups of them and defaults have in common.
_LAYER = (
    "data.system.snmp.location",
    "data.system.snmp.contact",
    "data.system.banner",
    "data.system.motd",
    "data.system.users.*.ssh_key",
    "data.interfaces.*.description",
    "data.interfaces.*.dhcp.vendor_class",
    "data.bgp.peer_groups.*.description",
    "data.bgp.neighbors.*.description",
    "data.route_maps.*.[].description",
    "data.acls.*.entries.[].description",
    "data.vrfs.*.description",
    "data.vrfs.*.bgp.peer_groups.*.description",
    "data.vrfs.*.bgp.neighbors.*.description",
    "data.extra_config",
    "data.extra_config.[]",
    "data.extra_config.[].section",
    "data.extra_config.[].section.[]",
    "data.extra_config.[].lines",
    "data.extra_config.[].lines.[]",
    "connection_options.*.extras.<key>",
    "connection_options.*.extras.*",
)

#: Field → the first of VARIANTS that it takes.
FIELDS = {
    **{f"hosts.yaml *.{path}": TOUCH for path in _LAYER},
    **{f"groups.yaml *.{path}": TOUCH for path in _LAYER},
    **{f"defaults.yaml {path}": TOUCH for path in _LAYER},
    "topology.yaml links.[].description": TOUCH,
    "client.yaml names.*": TOUCH,
    "client.yaml contacts.[].name": TOUCH,
    "client.yaml contacts.[].email": "{{x}}@acme.example",
    "client.yaml sites.*.name": TOUCH,
    "client.yaml sites.*.address": TOUCH,
    "client.yaml sites.*.country": TOUCH,
    "client.yaml sites.*.freezes.[].reason": TOUCH,
    "client.yaml freezes.[].reason": TOUCH,
    "client.yaml access.ssh_config": TOUCH,
    "client.yaml access.known_hosts": TOUCH,
    "client.yaml backup_sets.*.paths.[]": f"/{TOUCH}",
    "client.yaml backup_sets.*.second_copy.directory": f"/{TOUCH}",
    "client.yaml witnesses.[].directory": TOUCH,
    "client.yaml witnesses.[].mail": "{{x}}@acme.example",
    "playbooks.yaml *.variables.*": TOUCH,
    "playbooks.yaml *.hosts.*.*": TOUCH,
    "people.yaml *.name": TOUCH,
    "people.yaml *.email": "{{x}}@acme.example",
}

_T = TOUCH
_PEERS = {
    "peer_groups": {"far": {"description": _T}},
    "neighbors": {"192.0.2.9": {"peer_as": 64501, "peer_group": "far", "description": _T}},
}


def layer(extra_config: object) -> dict[str, Any]:
    """What hosts, groups and defaults may say, with the text in each field that takes it."""
    return {
        "data": {
            "system": {
                "snmp": {"location": _T, "contact": _T},
                "banner": _T,
                "motd": _T,
                "users": {"ops": {"ssh_key": _T}},
            },
            "interfaces": {"eth1": {"description": _T}, "eth2": {"dhcp": {"vendor_class": _T}}},
            "bgp": {"asn": 64500, "router_id": "192.0.2.1", **_PEERS},
            "route_maps": {"out": [{"action": "permit", "description": _T}]},
            "acls": {"in": {"entries": [{"action": "accept", "description": _T}]}},
            "vrfs": {"red": {"description": _T, "bgp": _PEERS}},
            "extra_config": extra_config,
        },
        "connection_options": {"netmiko": {"extras": {_T: _T}}},
    }


LISTED = [_T, {"section": _T, "lines": _T}, {"section": [_T, _T], "lines": [_T]}]
_FREEZE = {"from": "2020-01-01", "to": "2020-01-02", "reason": _T}

#: File → content: a client with three Linux hosts, of which one says everything itself, one has it of its group, one of
#: the defaults.
PLANTED: dict[str, Any] = {
    "client.yaml": {
        "id": "office",
        "names": {"en": _T},
        "contacts": [{"name": _T, "email": "{{x}}@acme.example", "roles": ["report"]}],
        "sites": {"hq": {"name": _T, "address": _T, "country": _T, "freezes": [_FREEZE]}},
        "freezes": [_FREEZE],
        "access": {"ssh_config": _T, "known_hosts": _T},
        "backup_sets": {
            "files": {
                "kind": "files",
                "paths": [f"/{_T}"],
                "playbook": "hostile",
                "rpo": "24h",
                "second_copy": {"directory": f"/{_T}"},
            }
        },
        "witnesses": [{"directory": _T}, {"mail": "{{x}}@acme.example"}],
    },
    "hosts.yaml": {
        "web": {"platform": "linux", **layer(LISTED)},
        "db": {"platform": "linux", "groups": ["planted"]},
        "mail": {"platform": "linux"},
        "later": {"platform": "linux", "data": {"lifecycle": "planned", "extra_config": _T}},
    },
    "groups.yaml": {"planted": layer(LISTED)},
    "defaults.yaml": layer(LISTED),
    "topology.yaml": {"links": [{"endpoints": ["web:eth1", "db:eth1"], "description": _T}]},
    "playbooks.yaml": {
        "hostile": {
            "variables": {"text": _T, "list": [_T, {"key": _T}]},
            "hosts": {name: {"own": _T} for name in ("web", "db", "mail")},
        }
    },
    "people.yaml": {
        "p-1": {
            "name": _T,
            "email": "{{x}}@acme.example",
            "logins": ["root"],
            "roles": {"*": ["administrator", "engineer"]},
        }
    },
}

#: The other form of a key that PLANTED has in the form of a list: one file cannot have both.
OTHER_FORM = {"groups.yaml *.data.extra_config", "defaults.yaml data.extra_config"}


def planted() -> set[str]:
    """The fields in which PLANTED has what FIELDS says of them."""
    return {
        field
        for field, text in FIELDS.items()
        if text in at(PLANTED[field.split(" ")[0]], field.split(" ")[1].split("."))
    }


def at(node: Any, path: list[str]) -> Iterator[Any]:
    """What stands in a document at a field's path."""
    if not path:
        yield node
    elif path[0] == "<key>":
        yield from node if isinstance(node, dict) else ()
    elif path[0] == "[]":
        for item in node if isinstance(node, list) else ():
            yield from at(item, path[1:])
    elif isinstance(node, dict):
        for key in node if path[0] == "*" else node.keys() & {path[0]}:
            yield from at(node[key], path[1:])
