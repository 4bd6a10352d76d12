"""config/checks: what the files may say, and the one line for everything else."""

import pytest

from netmgr.adapters.checks_yaml import YamlChecks
from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.errors import InputError
from netmgr.model.check import ReachabilityCheck, RoutesCheck, Tolerance
from netmgr.platforms import FORMS
from netmgr.workflows.inventory import validate

CLIENTS = {
    "acme": {
        "client.yaml": "id: acme\nsites: {hq: {}}\n",
        "hosts.yaml": "core1: {hostname: 192.0.2.1, platform: frr, data: {role: core, site: hq}}\n"
        "edge1: {hostname: 192.0.2.2, platform: frr, data: {role: edge, site: hq}}\n",
    },
    "other": {"client.yaml": "id: other\n", "hosts.yaml": "r1: {hostname: 192.0.2.3, platform: frr}\n"},
}


class Plugin:
    getters = ("get_environment",)

    def problem(self, options):
        return None if set(options) <= {"at_most"} else "options: only at_most is known"

    def judge(self, device, before, after, options):
        return "passed", "cool"


class Plugins:
    def names(self):
        return ("broken", "load", "writer")

    def load(self, kind):
        if kind == "broken":
            raise ValueError("its:check cannot be loaded: ImportError: no such module")
        plugin = Plugin()
        plugin.getters = ("commit_config",) if kind == "writer" else Plugin.getters
        return plugin


@pytest.fixture
def checks(tmp_path):
    """Writes files below config/checks, and reads them."""

    def make(**files):
        for name, text in files.items():
            path = tmp_path / "config/checks" / f"{name}.yaml".replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return YamlChecks(tmp_path, lambda: sorted(CLIENTS), Plugins())

    return make


def problems(call):
    with pytest.raises(InputError) as error:
        call()
    return list(error.value.problems)


def test_without_files_there_are_no_checks(tmp_path):
    assert YamlChecks(tmp_path, tuple).every() == ()


def test_checks_of_all_files_in_their_order(checks):
    made = checks(
        a="routes-kept: {kind: routes, clients: [acme], lose_at_most: 5%, present: [192.0.2.0/24], within: 20}\n",
        b="loopbacks: {kind: reachability, settle: 0, wait: 2}\nhot: {kind: load, options: {at_most: 3}}\n",
        napalm__core="- get_facts: {hostname: ^core1$}\n",
        c="as-said: {kind: napalm_validate, file: napalm/core.yaml, devices: [core*], severity: warn}\n",
    ).every()
    assert [(check.name, check.spec.kind, str(check.origin)) for check in made] == [
        ("routes-kept", "routes", "config/checks/a.yaml:1"),
        ("loopbacks", "reachability", "config/checks/b.yaml:1"),
        ("hot", "load", "config/checks/b.yaml:2"),
        ("as-said", "napalm_validate", "config/checks/c.yaml:1"),
    ]
    routes, loopbacks = made[0].spec, made[1].spec
    assert isinstance(routes, RoutesCheck)
    assert (routes.lose_at_most, routes.settled, routes.within) == (Tolerance(percent=5), 8, 20)
    assert isinstance(loopbacks, ReachabilityCheck)
    assert (loopbacks.settled, loopbacks.wait) == (0, 2)
    assert isinstance(made[2].plugin, Plugin)
    assert [(rule.name, rule.expected) for rule in made[3].rules] == [("get_facts", {"hostname": "^core1$"})]


def test_a_client_has_the_checks_that_are_made_for_it(checks):
    made = checks(
        a="for-all: {kind: interfaces}\nfor-acme: {kind: lldp, clients: [acme]}\n"
        "for-both: {kind: lldp, clients: [acme, other]}\n"
    )
    inventories = MemoryInventories(CLIENTS, FORMS)
    names = {client: [c.name for c in made.of(inventories.load(client))] for client in CLIENTS}
    assert names == {"acme": ["for-all", "for-acme", "for-both"], "other": ["for-all", "for-both"]}


WRONG = [
    ("r: {}", "r: needs a kind: routes, interfaces, lldp, reachability, napalm_validate, or a plug-in's"),
    ("r: [routes]", "r: a check must be a mapping (key: value) with its kind"),
    ("r: {kind: route}", "r: no kind 'route'; did you mean 'routes'?"),
    ("r: {kind: adjacencies}", "r: adjacencies are always checked, without tolerance; remove this check"),
    (
        "management: {kind: lldp}",
        "management is what every change is checked for by itself; choose another name",
    ),
    (
        "R_1: {kind: lldp}",
        "'R_1' is no check's name; write lower-case letters and digits with single hyphens, at most 63",
    ),
    ("r: {kind: routes, loose_at_most: 1}", "r: unknown key 'loose_at_most'; did you mean 'lose_at_most'?"),
    (
        "r: {kind: routes, lose_at_most: 101%}",
        "r: lose_at_most: '101%' is no tolerance; write a number of routes such as 3, or a part such as 5%",
    ),
    (
        "r: {kind: routes, lose_at_most: -1}",
        "r: lose_at_most: '-1' is no tolerance; write a number of routes such as 3, or a part such as 5%",
    ),
    (
        "r: {kind: routes, protocols: [isis]}",
        "r: protocols[0]: must be 'connected', 'static', 'ospf', 'bgp' or 'kernel'",
    ),
    ("r: {kind: routes, severity: error}", "r: severity: must be 'fail' or 'warn'"),
    (
        "r: {kind: routes, within: 8}",
        "r: within is 8 s, but it settles for 8 s first; write a longer within or a shorter settle",
    ),
    ("r: {kind: lldp, clients: [amce]}", "r: no client amce; did you mean 'acme'?"),
    (
        "r: {kind: lldp, devices: [Core1]}",
        "r: devices[0]: 'Core1' is not a device's name or a glob; write it like core*",
    ),
    (
        "r: {kind: reachability, addresses: [no]}",
        'no is true or false in YAML 1.1 and text in 1.2; write "no" in quotes, or true or false',
    ),
    ("r: {kind: reachability, wait: 11}", "r: wait: must be 10 or less"),
    (
        "r: {kind: napalm_validate, file: ../secret.yaml}",
        "r: file: '../secret.yaml' is not a file in a directory below config/checks; write it like napalm/edge.yaml",
    ),
    ("r: {kind: napalm_validate}", "r: missing key 'file'; add it"),
    (
        "r: {kind: napalm_validate, file: napalm/none.yaml}",
        "r: there is no config/checks/napalm/none.yaml; write it, or name another file",
    ),
    ("r: {kind: load, options: {most: 1}}", "r: options: only at_most is known"),
    (
        "r: {kind: broken}",
        "r: its:check cannot be loaded: ImportError: no such module; mend or remove the package that brings it",
    ),
    (
        "r: {kind: writer}",
        "r: the plug-in asks for commit_config, which is none of NAPALM's getters; mend it",
    ),
    ("r: {kind: lldp}\nr: {kind: lldp}", "key 'r' was already given at config/checks/a.yaml:1; remove one"),
]


@pytest.mark.parametrize(("text", "message"), WRONG, ids=[text for text, _ in WRONG])
def test_a_mistake_is_one_line_with_its_place(checks, text, message):
    line = text.count("\n") + 1
    assert problems(checks(a=f"{text}\n").every) == [f"config/checks/a.yaml:{line}: {message}"]


def test_a_name_stands_for_one_check_in_all_files(checks):
    made = checks(a="\nr: {kind: lldp}\n", b="r: {kind: interfaces}\n")
    assert problems(made.every) == [
        "config/checks/b.yaml:1: check r was already given at config/checks/a.yaml:2; choose another name"
    ]


def test_a_link_out_of_the_workspace_is_not_followed(checks, tmp_path):
    elsewhere = tmp_path.parent / "elsewhere.yaml"
    elsewhere.write_text("r: {kind: lldp}\n")
    made = checks(a="{}\n")
    (tmp_path / "config/checks/b.yaml").symlink_to(elsewhere)
    assert problems(made.every) == [
        "config/checks/b.yaml:1: the file is a symbolic link that leads elsewhere; put the file itself here"
    ]


def test_validate_holds_what_names_a_client_against_its_devices(checks):
    made = checks(
        a="r:\n  kind: reachability\n  clients: [acme]\n  devices: [core*, cor]\n  loopbacks: [r1]\n"
        "  roles: [edge, cores]\n  sites: [hq, hg]\nfor-all: {kind: lldp, devices: [nowhere]}\n"
    )
    inventories = MemoryInventories(CLIENTS, FORMS)
    wanted = [
        "config/checks/a.yaml:4: r: no device of acme matches cor; did you mean 'core1'?",
        "config/checks/a.yaml:5: r: no device of acme matches r1; known are core1, edge1",
        "config/checks/a.yaml:6: r: acme has no role cores; did you mean 'core'?",
        "config/checks/a.yaml:7: r: acme has no site hg; known are hq",
    ]
    assert problems(lambda: validate(inventories, None, checks=made)) == wanted
    assert [one.client for one in validate(inventories, "other", checks=made)] == ["other"]
