"""What runs becomes what the inventory says: whole, minimal, once."""

import pytest

from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.secrets_local import LocalSecrets
from netmgr.errors import InputError, Refused, SecretError, UsageError
from netmgr.platforms import FORMS
from tests.integration.adopt.conftest import OURS


def statuses(made):
    return {device.device: device.status for device in made.devices}


def errors(made):
    return {device.device: device.error for device in made.devices if device.error}


def test_a_network_that_nobody_described(acme):
    acme.empty()
    made = acme.adopt()
    assert (errors(made), statuses(made)) == ({}, dict.fromkeys(OURS, "adopted"))
    assert made.written
    assert acme.differences() == {}
    assert YamlInventories(acme.workspace, FORMS).check("acme").devices == 6
    assert all(device.lines == device.explained for device in made.devices)
    assert len(made.links) == 10
    text = acme.file("hosts.yaml").read_text()
    assert text.startswith("# Acme's routers.\nedge1:\n  hostname: 192.0.2.101\n  data:\n    uid: edge1\n")
    assert "\n# The cores.\ncore1:\n  hostname: 192.0.2.103\n  data:\n    site: hq  # the cellar\n" in text
    again = acme.adopt()
    assert (again.files, statuses(again)) == ((), dict.fromkeys(OURS, "adopted"))


def test_one_device_after_the_other(acme):
    acme.empty()
    for name in OURS:
        made = acme.adopt(name)
        assert (errors(made), made.written) == ({}, True), name
    assert acme.differences() == {}
    assert len(acme.file("topology.yaml").read_text().splitlines()) == 12


def test_what_the_inventory_says_already_is_not_written(acme):
    before = acme.files()
    made = acme.adopt()
    assert (errors(made), made.asks) == ({}, False)
    uids = [line for line in made.files[0].diff.splitlines() if line.startswith(("+ ", "- "))]
    assert uids == [f"+    uid: {name}" for name in OURS]
    assert acme.files().keys() == before.keys()
    assert acme.differences() == {}


def hosts_diff(made):
    (change,) = made.files
    assert change.path == "inventory/acme/hosts.yaml"
    return [line for line in change.diff.splitlines()[2:] if line[:1] in "+-"]


@pytest.fixture
def adopted(acme):
    """The example client as it is, adopted."""
    acme.adopt()
    return acme


@pytest.mark.parametrize(
    ("old", "new", "diff"),
    [
        (
            "ip address 10.1.10.1/24",
            "ip address 10.1.10.9/24",
            [
                '-      eth6: {description: servers, ipv4: 10.1.10.1/24, ipv6: "2001:db8:a:10::1/64"}',
                '+      eth6: {description: servers, ipv4: 10.1.10.9/24, ipv6: "2001:db8:a:10::1/64"}',
            ],
        ),
        (
            "neighbor 10.1.255.4 description to core2",
            "neighbor 10.1.255.4 description to core2\n neighbor 10.1.255.4 timers 3 9",
            [
                "-        10.1.255.4: {peer_group: ibgp4}",
                "+        10.1.255.4: {peer_group: ibgp4, keepalive_interval: 3, hold_time: 9}",
            ],
        ),
        (
            " neighbor 10.1.255.4 description to core2\n",
            "",
            [
                "-        10.1.255.4: {peer_group: ibgp4}",
                '+        10.1.255.4: {peer_group: ibgp4, description: ""}',
            ],
        ),
        ("log syslog informational\n", "", ["+    system:", "+      syslog: {level: null}"]),
        (
            "log syslog informational\n",
            "log syslog informational\nlog timestamp precision 3\n",
            ["+    extra_config: [log timestamp precision 3]"],
        ),
    ],
    ids=["address", "timers", "derived", "inherited", "verbatim"],
)
def test_what_somebody_changed_by_hand_is_all_that_changes(adopted, old, new, diff):
    adopted.change("core1", old, new)
    before = adopted.files()
    made = adopted.adopt("core1")
    assert (errors(made), made.asks, made.written) == ({}, True, False)
    assert statuses(made) == {"core1": "proposed"}
    assert hosts_diff(made) == diff
    assert adopted.files() == before
    assert list(adopted.differences()) == ["core1"]
    made = adopted.adopt("core1", yes=True)
    assert (made.written, statuses(made)) == (True, {"core1": "adopted"})
    assert adopted.differences() == {}


def test_what_a_link_says_otherwise_is_refused_and_keeps_no_other(adopted):
    for protocol in ("ip ospf", "ipv6 ospf6"):
        adopted.change("core1", f"{protocol} cost 10", f"{protocol} cost 11")
    adopted.change("north1", "ip address 10.2.0.1/24", "ip address 10.2.0.9/24")
    made = adopted.adopt(yes=True)
    (error,) = errors(made).values()
    assert error.startswith("core1: adopt: the inventory cannot say it: inventory/acme/hosts.yaml:")
    assert "ospf cost 11 differs from 10 of the link at inventory/acme/topology.yaml:4" in error
    assert statuses(made) == dict.fromkeys(OURS, "adopted") | {"core1": "error"}
    assert list(adopted.differences()) == ["core1"]


def test_secrets_move_to_the_store(acme):
    acme.empty()
    acme.change(
        "edge1",
        " neighbor providers4 peer-group\n",
        " neighbor providers4 peer-group\n neighbor providers4 password orangejuice\n",
    )
    for name in ("edge1", "edge2"):
        acme.fleet.devices[name].running += "line vty\n password orangejuice\n"
    acme.fleet.devices["south1"].running += "line vty\n password other\n"
    made = acme.adopt(scheme="age")
    assert errors(made) == {}
    assert made.secrets == ("secret://age/bgp-providers4", "secret://age/south1-password")
    assert "orangejuice" not in made.model_dump_json()
    store = acme.workspace / "secrets" / "acme"
    assert sorted(path.name for path in store.iterdir()) == ["bgp-providers4.age", "south1-password.age"]
    assert {oct(path.stat().st_mode & 0o777) for path in (store, *store.iterdir())} == {"0o700", "0o600"}
    assert all(b"orangejuice" not in path.read_bytes() for path in store.iterdir())
    text = acme.file("hosts.yaml").read_text()
    assert text.count("secret://age/bgp-providers4") == 3
    assert acme.differences() == {}
    bodies = [e.body for e in acme.wiring.service_log.entries("acme", kind="adopt") if e.body]
    assert all(b"orangejuice" not in acme.wiring.service_log.body("acme", b.digest) for b in bodies)
    assert acme.adopt().files == ()


def test_without_a_store_for_secrets_nothing_is_written(acme, monkeypatch):
    acme.empty()
    acme.fleet.devices["south1"].running += "line vty\n password other\n"
    before = acme.files()
    monkeypatch.delenv("NETMGR_AGE_IDENTITY")
    with pytest.raises(SecretError, match=r"set NETMGR_AGE_IDENTITY .* or keep them in plain files"):
        acme.adopt(scheme="age")
    assert acme.files() == before


@pytest.mark.parametrize("point", ["first secret", "secrets", "hosts.yaml", "topology.yaml", "log"])
def test_interrupted_anywhere_it_is_done_by_the_next_run(acme, monkeypatch, point):
    acme.empty()
    acme.fleet.devices["edge1"].running += "line vty\n password orangejuice\n"
    acme.fleet.devices["south1"].running += "line vty\n password other\n"
    before = acme.files()

    class Killed(BaseException):
        pass

    def stop(*_arguments):
        raise Killed

    import netmgr.adapters.inventory_files as files
    import netmgr.adapters.secrets_local as local
    import netmgr.workflows.adopt as workflow

    with monkeypatch.context() as patch:
        if point == "first secret":
            patch.setattr(local, "write_durably", stop)
        elif point == "secrets":
            patch.setattr(files, "update_client", stop)
            patch.setattr("netmgr.adapters.inventory_yaml.update_client", stop)
        elif point == "log":
            patch.setattr(workflow.Adopting, "drafts", stop)
        else:
            replace = type(acme.file(point)).replace

            def once(path, target):
                return stop() if target.name == point else replace(path, target)

            patch.setattr(type(acme.file(point)), "replace", once)
        with pytest.raises(Killed):
            acme.adopt()
    now = acme.files()
    changed = {name for name in ("hosts.yaml", "topology.yaml") if now.get(name) != before.get(name)}
    assert changed == {"topology.yaml": {"hosts.yaml"}, "log": {"hosts.yaml", "topology.yaml"}}.get(
        point, set()
    )
    assert len(YamlInventories(acme.workspace, FORMS).load("acme").devices) == 6
    if changed:
        assert acme.differences() == {}, "what was written is right by itself"
    made = acme.adopt()
    assert (errors(made), statuses(made)) == ({}, dict.fromkeys(OURS, "adopted"))
    assert acme.differences() == {}
    secrets = LocalSecrets(acme.workspace / "secrets", {})
    assert secrets.resolve("acme", "secret://file/edge1-password") == "orangejuice"


def test_an_edit_by_somebody_else_meanwhile_wins(acme):
    acme.empty()
    runtime = acme.runtime()
    draft = runtime.inventories.draft("acme")
    text = acme.file("hosts.yaml").read_text()
    acme.file("hosts.yaml").write_text(f"{text}# mine\n")
    from netmgr.model.adoption import Edit

    with pytest.raises(Refused, match=r"hosts\.yaml was changed meanwhile"):
        draft.edited({"core1": (Edit(("role",), "core"),)}).save()
    assert acme.file("hosts.yaml").read_text() == f"{text}# mine\n"


def test_devices_that_cannot_be_adopted_are_left_out_with_their_reason(acme):
    acme.empty()
    devices = acme.fleet.devices
    devices["edge1"].reachable = False
    devices["edge2"].pending, devices["edge2"].deadline = "0a1b", acme.clock.monotonic() + 600
    devices["core1"].running += "line vty\n password secret://file/login\n"
    made = acme.adopt()
    assert statuses(made) == dict.fromkeys(OURS, "adopted") | {
        "edge1": "unreachable",
        "edge2": "error",
        "core1": "error",
    }
    assert "commit 0a1b is pending" in errors(made)["edge2"]
    assert "which the inventory would take for a reference" in errors(made)["core1"]
    left = [name for name in OURS if name not in ("edge1", "edge2", "core1")]
    assert acme.plan(*left).changed == ()
    assert [pair for pair in acme.entries() if pair[0] is None] == [(None, "error")]


def test_adopted_devices_need_no_takeover(acme):
    acme.empty()
    acme.adopt("core1")
    acme.change("core1", "log syslog informational\n", "")
    acme.change("core2", "log syslog informational\n", "")
    gates = {name: [r.gate for r in acme.plan(name).refused] for name in ("core1", "core2")}
    assert ("takeover" in gates["core1"], "takeover" in gates["core2"]) == (False, True)


def test_a_file_is_read_in_place_of_a_device_and_does_not_count_as_having_looked(acme):
    acme.empty()
    running = acme.fleet.devices["core1"].running
    acme.fleet.devices["core1"].reachable = False
    made = acme.adopt("core1", given=running)
    assert (made.devices[0].status, made.devices[0].source, made.written) == ("adopted", "file", True)
    acme.fleet.devices["core1"].reachable = True
    assert acme.plan("core1").changed == ()
    acme.change("core1", "log syslog informational\n", "")
    assert "takeover" in [r.gate for r in acme.plan("core1").refused]
    with pytest.raises(UsageError, match="--from-file is for one device, not 6"):
        acme.adopt(given=running)


def test_wrong_selections_and_wrong_inventories(acme):
    with pytest.raises(UsageError, match="no device of acme matches core9"):
        acme.adopt("core9")
    with pytest.raises(UsageError, match="no device of acme to adopt"):
        acme.adopt("isp-a")
    acme.file("hosts.yaml").write_text("core1: {data: {loopbak: 10.0.0.1}}\n")
    with pytest.raises(InputError, match="loopbak"):
        acme.adopt("core1")
