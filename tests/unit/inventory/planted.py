"""Every field of the inventory's files that takes text which looks like a program's template, and what it takes."""

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
}
