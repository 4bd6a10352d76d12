"""One device's audit, case by case."""

import pytest

from netmgr.audit.judgement import judge
from netmgr.errors import AuthenticationFailed, HostKeyRejected, Unreachable, WrongDevice
from netmgr.model.digest import sha256_hex
from netmgr.model.intended import Intended
from netmgr.model.state import InterfaceState, Observation, Reading
from netmgr.platforms import FORMS

FRR = FORMS["frr"]
CONFIG = FRR.canonical(
    "interface eth1\n ip address 10.0.0.1/24\nrouter bgp 65001\n neighbor 10.0.0.2 remote-as 65002\n"
)
ETH1 = InterfaceState(name="eth1", enabled=True, addresses=frozenset({"10.0.0.1/24"}))
ETH0 = InterfaceState(name="eth0", enabled=True, addresses=frozenset({"172.30.0.9/16"}))


def intended(config=CONFIG):
    return Intended(device="r1", platform="frr", candidate=config, config=FRR.canonical(config))


def seen(config=CONFIG, *, startup=None, pending=None, interfaces=(ETH0, ETH1)):
    running = FRR.canonical(config)
    return Observation(
        reading=Reading(running=running, digest=sha256_hex(running), pending=pending),
        startup=running if startup is None else startup,
        interfaces=interfaces,
    )


def audited(observation, *, config=CONFIG, secrets=None, unresolved=None, host_features=()):
    return judge(
        intended(config),
        observation,
        form=FRR,
        secrets=secrets or {},
        unresolved=unresolved or {},
        host_features=host_features,
    )


def findings(device):
    return [(f.check, f.status, f.severity, f.detail) for f in device.findings]


def test_a_device_that_reads_as_intended_has_nothing_to_tell():
    device = audited(seen())
    assert (device.status, device.diff, device.findings) == ("compliant", "", ())
    assert device.running == sha256_hex(CONFIG)


def test_drift_is_shown_from_running_to_intended():
    device = audited(seen(CONFIG.replace("65002", "65003")))
    assert (device.status, device.added, device.removed) == ("drifted", 1, 1)
    assert device.diff.splitlines()[-2:] == [
        "- neighbor 10.0.0.2 remote-as 65003",
        "+ neighbor 10.0.0.2 remote-as 65002",
    ]
    assert findings(device) == [
        (
            "configuration",
            "failed",
            "error",
            "reads otherwise than intended (+1 -1 lines); `netmgr plan` shows how a deploy puts it right",
        )
    ]


UNMANAGED = {
    "router rip\n network 10.0.0.0/8\n": ["router rip"],
    "route-map FOREIGN permit 10\n": ["route-map FOREIGN permit 10"],
    "route-map A permit 10\nroute-map A permit 20\n": ["route-map A permit 10"],
    "interface eth7\n description a guest\n": ["interface eth7"],
    "ip prefix-list GUEST seq 5 permit any\nip prefix-list OTHER seq 5 permit any\n": [
        "ip prefix-list GUEST seq 5 permit any",
        "ip prefix-list OTHER seq 5 permit any",
    ],
    "ip route 192.0.2.0/24 blackhole\nip route 198.51.100.0/24 blackhole\n": [
        "ip route 192.0.2.0/24 blackhole"
    ],
    "password s3cret\n": ["password <removed>"],
}


@pytest.mark.parametrize("extra", UNMANAGED)
def test_what_nothing_in_the_inventory_speaks_of_is_named(extra):
    device = audited(seen(CONFIG + extra))
    assert device.status == "drifted"
    assert [f[3] for f in findings(device) if f[0] == "unmanaged"] == [
        f"nothing in the inventory speaks of: {line}" for line in UNMANAGED[extra]
    ]


def test_another_setting_of_the_same_thing_is_drift_and_not_unmanaged():
    device = audited(seen(CONFIG.replace("router bgp 65001", "router bgp 65009")))
    assert [f.check for f in device.findings] == ["configuration"]


SECRET = CONFIG + "router bgp 65001\n neighbor 10.0.0.2 password <secret:peer>\n"
UNRESOLVED = {"peer": "<secret:peer>"}
LINE = "router bgp 65001 / neighbor 10.0.0.2 password <secret:peer>"


@pytest.mark.parametrize("value", ["one", "another one", "<secret:peer>", "secret://env/peer"])
def test_a_secret_that_cannot_be_resolved_is_not_compared_whatever_the_device_has(value):
    device = audited(seen(SECRET.replace("<secret:peer>", value)), config=SECRET, unresolved=UNRESOLVED)
    assert (device.status, device.diff) == ("compliant", "")
    assert findings(device) == [
        ("not_compared", "not_measured", "warning", f"the secret cannot be resolved here: {LINE}")
    ]


def test_beside_a_line_that_is_not_compared_everything_else_is():
    other = SECRET.replace("<secret:peer>", "x").replace("65002", "65003")
    device = audited(seen(other), config=SECRET, unresolved=UNRESOLVED)
    assert (device.status, device.added, device.removed) == ("drifted", 1, 1)
    assert "password" not in "".join(line for line in device.diff.splitlines() if line[0] in "+-")
    assert [f.check for f in device.findings] == ["configuration", "not_compared"]


def test_the_same_line_in_another_section_is_not_the_one():
    elsewhere = CONFIG + "router bgp 65001 vrf red\n neighbor 10.0.0.2 password x\n"
    device = audited(seen(elsewhere), config=SECRET, unresolved=UNRESOLVED)
    assert (device.status, device.added, device.removed) == ("drifted", 1, 2)
    assert "+ neighbor 10.0.0.2 password <secret:peer>\n" in device.diff


def test_a_password_that_is_missing_altogether_is_drift_without_knowing_it():
    device = audited(seen(CONFIG), config=SECRET, unresolved=UNRESOLVED)
    assert (device.status, device.added, device.removed) == ("drifted", 1, 0)
    assert device.diff.splitlines()[-1] == "+ neighbor 10.0.0.2 password <secret:peer>"


def test_a_changed_secret_is_drift_and_neither_value_is_shown():
    config = SECRET.replace("<secret:peer>", "intended-canary")
    device = audited(
        seen(SECRET.replace("<secret:peer>", "changed-canary")),
        config=config,
        secrets={"peer": "intended-canary"},
    )
    assert (device.status, device.added, device.removed) == ("drifted", 1, 1)
    assert device.diff.splitlines()[-2:] == [
        "- neighbor 10.0.0.2 password <removed>",
        "+ neighbor 10.0.0.2 password <secret:peer>",
    ]
    assert "canary" not in device.model_dump_json()


ERRORS = [
    (Unreachable("r1", "connect", "no answer within 15 s"), "unreachable"),
    (WrongDevice("r1", "read", "bgpd is down"), "error"),
    (HostKeyRejected("r1", "connect", "wrong host key"), "error"),
    (AuthenticationFailed("r1", "connect", "login refused"), "error"),
]


@pytest.mark.parametrize(("error", "status"), ERRORS, ids=[type(error).__name__ for error, _ in ERRORS])
def test_a_device_that_was_not_read_is_no_drift(error, status):
    device = audited(error)
    assert (device.status, device.diff, device.running) == (status, "", None)
    assert findings(device) == [("read", "failed", "error", str(error))]


OTHER = CONFIG.replace("65002", "65003")
REBOOTS = {
    "nothing saved": (CONFIG, "", "lose all of it; save it on the device"),
    "something else saved": (CONFIG, OTHER, "bring another configuration; save it on the device"),
    "a change that was not saved": (OTHER, CONFIG, "bring what is intended"),
    "three configurations": (OTHER, CONFIG.replace("65002", "65004"), "bring yet another configuration"),
}


@pytest.mark.parametrize("case", REBOOTS)
def test_what_a_reboot_would_do(case):
    running, startup, would = REBOOTS[case]
    device = audited(seen(running, startup=startup))
    assert device.status == ("compliant" if running == CONFIG else "drifted")
    assert [f for f in findings(device) if f[0] != "configuration"] == [
        ("startup", "failed", "warning", f"what runs is not saved: a reboot would {would}")
    ]


def test_a_reboot_is_judged_without_the_secrets_that_cannot_be_resolved():
    saved, running = (
        SECRET.replace("<secret:peer>", "x"),
        SECRET.replace("<secret:peer>", "x") + "route-map A permit 1\n",
    )
    device = audited(seen(running, startup=FRR.canonical(saved)), config=SECRET, unresolved=UNRESOLVED)
    assert device.findings[-1].detail == "what runs is not saved: a reboot would bring what is intended"


def test_a_pending_commit_is_told_instead_of_its_unsaved_configuration():
    device = audited(seen(pending="c-1", startup="older\n"))
    assert findings(device) == [
        (
            "pending",
            "pending",
            "warning",
            "commit c-1 is pending: unless somebody confirms it, the device goes back",
        )
    ]


BELOW = {
    "an address added": (
        (ETH1.model_copy(update={"addresses": frozenset({"10.0.0.1/24", "192.0.2.7/32"})}),),
        ["eth1 has 192.0.2.7/32, which its configuration does not know"],
    ),
    "an address gone": (
        (ETH1.model_copy(update={"addresses": frozenset()}),),
        ["eth1 lacks 10.0.0.1/24, which its configuration gives it"],
    ),
    "a link down": (
        (ETH1.model_copy(update={"enabled": False, "addresses": frozenset()}),),
        ["eth1 is down, and its configuration says up"],
    ),
    "an IPv4 address gone without a carrier": (
        (ETH1.model_copy(update={"addresses": frozenset(), "carrier": False}),),
        ["eth1 lacks 10.0.0.1/24, which its configuration gives it"],
    ),
    "no such interface": ((), ["eth1 is configured and does not exist"]),
    "an interface of the host": ((ETH0, ETH1), []),
    "a platform that cannot tell": (None, []),
}


@pytest.mark.parametrize("case", BELOW)
def test_what_was_set_behind_the_configuration_s_back(case):
    interfaces, expected = BELOW[case]
    device = audited(seen(interfaces=interfaces))
    assert device.status == "compliant"
    assert findings(device) == [("kernel", "failed", "warning", detail) for detail in expected]


@pytest.mark.parametrize("carrier", [True, False])
def test_an_ipv6_address_that_is_tentative_for_want_of_a_carrier_is_not_missed(carrier):
    config = CONFIG.replace("10.0.0.1/24\n", "10.0.0.1/24\n ipv6 address 2001:db8::1/64\n")
    device = audited(seen(config, interfaces=(ETH1.model_copy(update={"carrier": carrier}),)), config=config)
    lacks = ["eth1 lacks 2001:db8::1/64, which its configuration gives it"]
    assert [f.detail for f in device.findings] == (lacks if carrier else [])


def test_an_error_shows_no_secret():
    device = audited(WrongDevice("r1", "read", "said canary-1"), secrets={"peer": "canary-1"})
    assert device.findings[0].detail == "r1: read: said <secret:peer>"


def test_one_line_of_two_that_an_unresolved_secret_could_stand_for_is_taken():
    config = SECRET.replace("password <secret:peer>", "description <secret:peer>")
    two = config.replace("<secret:peer>", "one") + " neighbor 10.0.0.2 description two\n"
    device = audited(seen(two), config=config, unresolved=UNRESOLVED)
    assert (device.status, device.added, device.removed) == ("drifted", 0, 1)


def test_a_link_that_is_up_against_its_configuration():
    shut = CONFIG.replace("10.0.0.1/24\n", "10.0.0.1/24\n shutdown\n")
    assert [f.detail for f in audited(seen(shut), config=shut).findings] == [
        "eth1 is up, and its configuration says down"
    ]


def test_features_of_the_host_are_said_to_be_unchecked():
    device = audited(seen(), host_features=("snmp", "ntp"))
    assert (device.status, findings(device)) == (
        "compliant",
        [
            (
                "host_features",
                "not_measured",
                "info",
                "not checked, as the host and not its configuration holds it: ntp, snmp",
            )
        ],
    )
