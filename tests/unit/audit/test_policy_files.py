"""config/policies/compliance and ignore: what the files may say, and the one line for everything else."""

from datetime import date

import pytest

from netmgr.adapters.audit_policies_yaml import YamlAuditPolicies
from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.errors import InputError
from netmgr.platforms import FORMS
from netmgr.workflows.inventory import validate

CLIENTS = {
    "acme": {
        "client.yaml": "id: acme\nsites: {hq: {}}\n",
        "hosts.yaml": "core1: {hostname: 192.0.2.1, platform: frr, data: {role: core, site: hq}}\n"
        "edge1: {hostname: 192.0.2.2, platform: eos, data: {role: edge, site: hq}}\n",
    },
    "other": {"client.yaml": "id: other\n", "hosts.yaml": "r1: {hostname: 192.0.2.3, platform: frr}\n"},
}


@pytest.fixture
def policies(tmp_path):
    """Writes files below config/policies, and reads them."""

    def make(files):
        for name, text in files.items():
            path = tmp_path / "config/policies" / f"{name}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return YamlAuditPolicies(tmp_path, lambda: sorted(CLIENTS), FORMS)

    return make


def problems(call):
    with pytest.raises(InputError) as error:
        call()
    return list(error.value.problems)


def rule(**keys):
    return "".join(f"  {key}: {value}\n" for key, value in {"title": "it must", **keys}.items())


def test_no_directory_is_no_rules(policies):
    assert policies({}).every().rules == ()


def test_rules_of_several_files_and_clients(policies):
    made = policies(
        {
            "compliance/a": "one:\n" + rule(required="[x]", clients="[acme]"),
            "compliance/b": "two:\n" + rule(forbidden="[x]", platforms="[frr]", roles="[core]"),
        }
    )
    inventories = MemoryInventories(CLIENTS, FORMS)
    assert [one.name for one in made.every().rules] == ["one", "two"]
    assert [one.name for one in made.of(inventories.load("other")).rules] == ["two"]
    acme = inventories.load("acme")
    assert {
        one.name: [device.name for device in acme.devices if one.demands.concerns(device)]
        for one in made.of(acme).rules
    } == {"one": ["core1", "edge1"], "two": ["core1"]}


WRONG = {
    "nothing asked for": (
        "r:\n" + rule(),
        "1: r: asks for nothing; add required, forbidden, required_blocks or forbidden_blocks",
    ),
    "no title": ("r:\n  required: [x]\n", "1: r: missing key 'title'; add it"),
    "an unknown key": (
        "r:\n" + rule(require="[x]"),
        "3: r: unknown key 'require'; did you mean 'required'?",
    ),
    "no pattern": (
        "r:\n" + rule(required='["x("]'),
        "3: r: required[0]: 'x(' is not a regular expression (missing ), unterminated subpattern at "
        "position 1); mend it",
    ),
    "no group of that name": (
        "r:\n" + rule(required='["neighbor {peer}"]'),
        "1: r: 'neighbor {peer}' speaks of {peer}; add each: with a group (?P<peer>…)",
    ),
    "no such severity": (
        "r:\n" + rule(required="[x]", severity="fatal"),
        "4: r: severity: must be 'info', 'warning' or 'error'",
    ),
    "no such client": (
        "r:\n" + rule(required="[x]", clients="[acne]"),
        "4: r: no client acne; did you mean 'acme'?",
    ),
    "no such platform": (
        "r:\n" + rule(required="[x]", platforms="[junosx]"),
        "4: r: no platform junosx; did you mean 'junos'?",
    ),
    "no sections there": (
        "r:\n" + rule(required="[x]", platforms="[junos]", section="[system]"),
        "5: r: section: junos has no sections; write whole lines, with each: for what varies",
    ),
    "no blocks there": (
        "r:\n" + rule(platforms="[frr, junos]", required_blocks="[{block: system}]"),
        "4: r: required_blocks: junos has no sections; write whole lines, with each: for what varies",
    ),
    "no name": (
        "R 1:\n" + rule(required="[x]"),
        "1: 'R 1' is no name of a rule; write lower-case letters and digits with single hyphens, at most 63",
    ),
    "no mapping": ("r: [x]\n", "1: r: a rule must be a mapping (key: value)"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_rule(policies, case):
    text, expected = WRONG[case]
    made = policies({"compliance/x": text})
    assert problems(made.every) == [f"config/policies/compliance/x.yaml:{expected}"]
    assert problems(lambda: validate(MemoryInventories(CLIENTS, FORMS), None, audits=made)) == [
        f"config/policies/compliance/x.yaml:{expected}"
    ]


def ignore(**keys):
    said = {"owner": "p-17", "reason": "the move", "expires": '"2026-12-31"', **keys}
    return "i:\n" + "".join(f"  {key}: {value}\n" for key, value in said.items() if value)


WRONG_IGNORES = {
    "nothing let be": (ignore(), "1: i: lets nothing be; add lines, or rules of config/policies/compliance"),
    "no owner": (ignore(lines="[x]", owner=None), "1: i: missing key 'owner'; add it"),
    "no reason": (ignore(lines="[x]", reason=None), "1: i: missing key 'reason'; add it"),
    "no end": (ignore(lines="[x]", expires=None), "1: i: missing key 'expires'; add it"),
    "no day": (
        ignore(lines="[x]", expires='"2026-02-30"'),
        "4: i: expires: '2026-02-30' is not a day of the calendar; write it like \"2026-01-31\"",
    ),
    "a section of nothing": (
        ignore(section="[x]", rules="[r]"),
        "1: i: has a section and no lines; add lines, or remove section",
    ),
    "no such rule": (ignore(rules="[q]"), "5: i: no rule q; known are r"),
    "no sections there": (
        ignore(lines="[x]", section="[x]", platforms="[junos]"),
        "6: i: section: junos has no sections; write whole lines, with each: for what varies",
    ),
}


@pytest.mark.parametrize("case", WRONG_IGNORES)
def test_what_is_wrong_with_an_ignore_pattern(policies, case):
    text, expected = WRONG_IGNORES[case]
    made = policies({"compliance/r": "r:\n" + rule(required="[x]"), "ignore/x": text})
    assert problems(made.every) == [f"config/policies/ignore/x.yaml:{expected}"]


DAYS = {
    "2026-12-01": [],
    "2026-12-17": ["expires"],
    "2026-12-31": ["expires"],
    "2027-01-01": ["expired"],
}


@pytest.mark.parametrize("day", DAYS)
def test_the_end_of_a_pattern_is_warned_of(policies, day):
    made = policies({"ignore/x": ignore(lines="[x]")})
    inventories = MemoryInventories(CLIENTS, FORMS)
    checked = validate(inventories, None, audits=made, today=date.fromisoformat(day))
    assert [warning for one in checked for warning in one.warnings] == [
        f"config/policies/ignore/x.yaml:1: acme: i of p-17 {verb} on 2026-12-31; renew or remove it"
        for verb in DAYS[day]
    ]


def test_a_name_is_given_once(policies):
    made = policies({f"compliance/{name}": "r:\n" + rule(required="[x]") for name in "ab"})
    assert problems(made.every) == [
        "config/policies/compliance/b.yaml:1: a rule r was already given at "
        "config/policies/compliance/a.yaml:1; choose another name"
    ]


def test_strangers_of_a_client_that_is_named(policies):
    made = policies(
        {"compliance/x": "r:\n" + rule(required="[x]", clients="[acme]", devices="[cor1]", roles="[spine]")}
    )
    acme = MemoryInventories(CLIENTS, FORMS).load("acme")
    expected = [
        "config/policies/compliance/x.yaml:5: r: no device of acme matches cor1; did you mean 'core1'?",
        "config/policies/compliance/x.yaml:6: r: acme has no role spine; known are core, edge",
    ]
    assert problems(lambda: made.of(acme)) == expected
    assert problems(lambda: validate(MemoryInventories(CLIENTS, FORMS), "acme", audits=made)) == expected
