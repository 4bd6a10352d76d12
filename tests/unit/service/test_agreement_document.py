"""The documents of the example agreements, in every language that they are made in, to the letter.

The texts are tests/golden/agreement.
"""

import json
import re
from pathlib import Path

import pytest

from netmgr.adapters.agreement_yaml import YamlAgreements
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.package_templates import words_in
from netmgr.document.block import Clause
from netmgr.document.markdown import markdown
from netmgr.model.agreement import Agreement
from netmgr.model.service_calendar import FrozenYear
from netmgr.platforms import FORMS
from netmgr.service.agreement_annexes import Annexed
from netmgr.service.agreement_document import agreement_document
from tests.unit.service.samples import agreement

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests/golden/agreement"
DOCUMENTS = [("acme", "en"), ("haichuan", "zh-CN"), ("haichuan", "en")]

#: A year of holidays that no newer library changes.
FROZEN = FrozenYear.model_validate(
    {
        "year": 2026,
        "library": "0.109",
        "tzdata": "2026a",
        "closed": [{"date": "2026-01-01", "names": {"en": "New Year's Day", "zh-CN": "元旦"}}],
        "working": [{"date": "2026-01-04", "like": "friday"}],
    }
)


def document(client, language, signed=False):
    written = YamlAgreements(ROOT)
    copy = written.working_copy(client).agreement
    calendar = copy.calendar.model_copy(update={"frozen": (FROZEN,)})
    whole = copy.model_copy(update={"calendar": calendar})
    whole = Agreement.model_validate(json.loads(whole.canonical())) if signed else whole
    inventory = YamlInventories(ROOT, FORMS).load(client)
    annexed = Annexed(
        devices=tuple(device for device in inventory.devices if device.lifecycle != "external"),
        sites=inventory.client.sites,
        assets=written.assets(client).assets,
        backup_sets=inventory.client.backup_sets,
        contacts=inventory.client.contacts,
        fingerprint="0" * 64,
    )
    return agreement_document(whole, annexed, words_in(language, whole.timezone), signed=False)


@pytest.mark.parametrize(("client", "language"), DOCUMENTS)
def test_a_document_says_what_it_said(client, language):
    text = markdown(document(client, language), words_in(language))
    assert text == (GOLDEN / f"{client}.{language}.md").read_text()


@pytest.mark.parametrize(("client", "language"), DOCUMENTS)
def test_what_was_signed_makes_the_same_document(client, language):
    """Its form keeps no order of keys."""
    assert document(client, language, signed=True) == document(client, language)


def test_no_english_is_left_in_chinese():
    """But names: of zones, currencies, systems, devices, roles, addresses, and what the registers say."""
    text = (GOLDEN / "haichuan.zh-CN.md").read_text()
    names = {
        "Asia/Shanghai",
        *("CNY", "S"),
        *("core", "branch", "frr", "sh1", "sh2", "sz1", "routers"),
        *("files1", "EX-8001", "Debian"),
        *("noc", "it", "haichuan.example"),
        *("(a)", "(b)", "(c)", "(d)"),
    }
    words = set(
        re.findall(r"\([a-d]\)|[A-Za-z][A-Za-z0-9./-]*", re.sub(r"\b0{64}\b|[0-9a-f]{16}\b", "", text))
    )
    assert words - names == set()


def test_every_promise_of_the_data_is_a_clause():
    found = {
        block.key
        for section in document("acme", "en").sections
        for block in section.blocks
        if isinstance(block, Clause)
    }
    assert {
        *(
            "services.faults",
            "services.consulting",
            "services.network",
            "services.backup",
            "services.requests",
        ),
        *("coverage.devices", "coverage.excluded", "calendar", "levels", "levels.response", "levels.pauses"),
        *("levels.changes", "emergency", "emergency.break_glass", "promises", "promises.availability"),
        *(
            "promises.audit",
            "promises.drift_age",
            "promises.backup_age",
            "promises.restore",
            "promises.drill",
        ),
        *(
            "promises.unsupported",
            "notice",
            "reports",
            "reports.log",
            "reports.request",
            "fees",
            "fees.included",
        ),
        *("fees.credits", "payment.days", "payment.interest", "payment.suspension", "payment.adjustment"),
        *("confidentiality", "confidentiality.years", "confidentiality.retention", "term", "term.renewal"),
        *("term.notice", "term.run_off", "amendments", "law.governing", "law.venue", "annexes"),
    } <= found


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        ({"emergency": None}, {"emergency", "emergency.break_glass"}),
        ({"payment__suspension": None}, {"payment.suspension"}),
        ({"term__run_off": None}, {"term.run_off"}),
        ({"term__notice": "30d"}, set()),
    ],
)
def test_what_is_not_agreed_is_not_said(changes, gone):
    def keys(made):
        return {
            block.key
            for section in agreement_document(made, Annexed(), words_in("en"), signed=False).sections
            for block in section.blocks
            if isinstance(block, Clause)
        }

    whole = keys(agreement())
    assert whole - keys(agreement(**changes)) == gone
    assert gone <= whole


def test_a_draft_says_on_its_first_page_that_it_is_one():
    made = {
        signed: agreement_document(agreement(), Annexed(), words_in("en"), signed=signed).marks
        for signed in (True, False)
    }
    assert made == {
        True: (),
        False: ("For signature: nothing in it holds before both parties have signed.",),
    }


def test_the_schedule_tells_whom_a_fee_is_for_and_what_is_taxed_otherwise():
    fees = {
        "currency": "EUR",
        "fixed": [{"name": "Books", "amount": "10.00", "tax": "reduced"}],
        "units": [
            {"name": "Server", "unit": "asset", "amount": "9.00", "kinds": ["server"], "sites": ["hq"]},
            {"name": "Core", "unit": "device", "amount": "8.00", "names": ["core*"], "roles": ["core"]},
        ],
        "included": [{"hours": "2", "services": ["faults"]}],
        "rates": [
            {
                "amount": "90.00",
                "services": ["faults"],
                "rate_class": "senior",
                "when": "outside",
                "tax": "abroad",
            }
        ],
        "tax": {"code": "S", "rate": "19"},
        "taxes": {
            "reduced": {"code": "S", "rate": "7"},
            "abroad": {"code": "AE", "rate": "0", "reason": "Reverse charge."},
        },
    }
    made = agreement_document(
        agreement(fees=fees), Annexed((), {}, {}, {}, (), "0" * 64), words_in("en", "UTC"), signed=False
    )
    text = re.sub(r" *\| *", "|", markdown(made, words_in("en")))
    for said in (
        "|Books (tax S, 7%)|€10.00|per month|",
        "|Server|€9.00|asset (server and hq), per month|",
        "|Core|€8.00|device (core\\* and core), per month|",
        "|Work outside service hours (Faults and senior) (tax AE, 0%)|€90.00|",
        "They are for: Faults.",
        "Tax: S, 19%.",
        "Tax: S, 7%.",
        "Tax: AE, 0%. Reverse charge.",
    ):
        assert said in text, text
