"""Secrets that a device salts, between what is intended and what is compared, shown and audited."""

import pytest

from netmgr.audit.judgement import judge
from netmgr.change.plan import planned_device
from netmgr.model.digest import sha256_hex
from netmgr.model.intended import Intended
from netmgr.model.state import Observation, Reading
from netmgr.platforms import FORMS
from netmgr.platforms.passwords import Passwords
from netmgr.platforms.settling import settled

#: Platform → a login whose password is {}: as it is rendered, and the scheme in which the device keeps it.
JUNOS = "set system login user ops authentication encrypted-password"
LOGINS = {
    "ios": ("username ops privilege 15 secret {}", "username ops privilege 15 secret 9 {}", "scrypt"),
    "eos": (
        "username ops privilege 15 role network-admin secret {}",
        "username ops privilege 15 role network-admin secret sha512 {}",
        "sha512",
    ),
    "junos": (f'{JUNOS} "{{}}"', f'{JUNOS} "{{}}"', "sha512"),
}
SECRETS = {"ops": "Secret-ops-1", "other": "Secret-other-1"}


@pytest.fixture(params=LOGINS)
def login(request):
    return request.param, *LOGINS[request.param]


def intended(platform, rendered, value="Secret-ops-1"):
    text = FORMS[platform].canonical(rendered.format(value) + "\n")
    return Intended(device="r1", platform=platform, candidate=text, config=text, salt="acme/r1")


def running(platform, kept, scheme, password="Secret-ops-1"):
    stored = Passwords("the device's own").made(scheme, password, "a salt")
    return FORMS[platform].canonical(kept.format(stored) + "\n"), stored


def audited(platform, item, config, **unresolved):
    reading = Reading(running=config, digest=sha256_hex(config))
    return judge(
        item,
        Observation(reading=reading, startup=config),
        form=FORMS[platform],
        secrets={} if unresolved else SECRETS,
        unresolved=unresolved,
    )


def planned(platform, item, config):
    form = FORMS[platform]
    made = settled(item, config, form, secrets=SECRETS)
    reading = Reading(running=config, digest=sha256_hex(config))
    return planned_device(made, reading, form=form, secrets={**SECRETS, **made.stored}, owned=True), made


def test_what_the_device_salted_is_compliant_and_nothing_to_change(login):
    platform, rendered, kept, scheme = login
    item, (config, stored) = intended(platform, rendered), running(platform, kept, scheme)
    plan, made = planned(platform, item, config)
    assert (plan.action, plan.after, made.candidate) == ("none", sha256_hex(config), config)
    assert made.stored == {"ops@r1.0": stored}
    device = audited(platform, item, config)
    assert (device.status, device.findings) == ("compliant", ())


def test_another_password_is_a_line_that_differs_and_shows_neither(login):
    platform, rendered, kept, scheme = login
    item, (config, stored) = intended(platform, rendered), running(platform, kept, scheme, "Secret-ops-2")
    plan, made = planned(platform, item, config)
    device = audited(platform, item, config)
    assert (device.status, device.added, device.removed) == ("drifted", 1, 1)
    assert plan.action == "replace"
    assert plan.diff == device.diff
    lines = [line for line in plan.diff.splitlines() if line[0] in "+-" and line[:3] not in ("---", "+++")]
    assert lines[1] == "+" + kept.format("<secret:ops>")
    assert lines[0] == "-" + FORMS[platform].redact(kept.format(stored))
    for text in (stored, *made.stored.values(), *SECRETS.values(), "Secret-ops-2"):
        assert text not in plan.diff
    assert all(value not in repr(made) for value in made.stored.values())


def test_after_the_change_the_plan_is_empty_and_the_same_one_made_again_is_the_same(login):
    platform, rendered, kept, scheme = login
    item, (config, _) = intended(platform, rendered), running(platform, kept, scheme, "Secret-ops-2")
    first, again = planned(platform, item, config)[0], planned(platform, item, config)[0]
    made = planned(platform, item, config)[1]
    assert first == again
    assert FORMS[platform].canonical(made.candidate) == made.config
    assert planned(platform, item, made.config)[0].action == "none"


def test_a_password_that_cannot_be_resolved_is_not_compared(login):
    platform, rendered, kept, scheme = login
    item, (config, _) = intended(platform, rendered, "<secret:ops>"), running(platform, kept, scheme)
    device = audited(platform, item, config, ops="<secret:ops>")
    assert (device.status, [finding.check for finding in device.findings]) == ("compliant", ["not_compared"])
