"""agreement.yaml's form: what is refused, and that what is signed is one sequence of bytes."""

import json

import pytest
import yaml

from netmgr.adapters.agreement_yaml import YamlAgreements
from netmgr.errors import InputError
from netmgr.model.agreement import Agreement
from netmgr.model.agreement_terms import Amendment
from tests.unit.service.samples import TEXT, agreement


@pytest.fixture
def files(tmp_path):
    directory = tmp_path / "inventory" / "acme"
    directory.mkdir(parents=True)
    (directory / "client.yaml").write_text("id: acme\n")
    return YamlAgreements(tmp_path), directory


def problems(files, text):
    reader, directory = files
    (directory / "agreement.yaml").write_text(text)
    with pytest.raises(InputError) as refused:
        reader.working_copy("acme")
    return list(refused.value.problems)


def changed(old, new):
    assert TEXT.count(old) == 1
    return TEXT.replace(old, new)


MATRIX = TEXT[TEXT.index("    extensive:") : TEXT.index("emergency:")]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            "timezone: Europe/Berlin\nparties",
            "timezone: Europe/Berlim\nparties",
            4,
            "timezone: 'Europe/Berlim' is not a time zone; write an IANA name like Europe/Berlin or UTC",
        ),
        (
            'from: "2026-01-01", to: "2026-12-31", notice',
            'from: "2027-01-01", to: "2026-12-31", notice',
            8,
            "term: 'to' (2026-12-31) is before 'from' (2027-01-01); swap them",
        ),
        (
            'to: "2026-12-31", notice: 90d',
            "renewal: {months: 12, notice: 90d}, notice: 90d",
            8,
            "term: renewal: a term without an end is never renewed; write to, or remove renewal",
        ),
        (
            "other: {response: 4h}",
            "other: {response: 4h, resolution: 30m}",
            17,
            "levels.priorities.other: resolution (30m) is sooner than response (4h); swap them",
        ),
        (
            "other: {response: 4h}",
            "other: {response: 4h, calendar: weekdays}",
            17,
            "levels.priorities.other.calendar: must be 'service' or 'always'",
        ),
        (
            "other: {response: 4h}",
            "other: {response: soon}",
            17,
            "levels.priorities.other.response: 'soon' is no length of time; write minutes, hours, days or weeks like "
            "24h or 90d",
        ),
        (
            "extensive: {critical: urgent,",
            "extensive: {critical: urgnet,",
            14,
            "levels: matrix.extensive.critical: 'urgnet' is no priority; write one of urgent, other",
        ),
        (
            "extensive: {critical: urgent, ",
            "extensive: {",
            14,
            "levels: matrix: no priority for extensive.critical; write one for each",
        ),
        (
            "emergency: {priority: urgent}",
            "emergency: {priority: panic}",
            22,
            "emergency.priority: 'panic' is no priority; write one of urgent, other",
        ),
        (
            'amount: "100.00"',
            "amount: 100.00",
            25,
            "fees.fixed[0].amount: must be text, not a decimal number; write it in quotes",
        ),
        (
            "version: 1",
            "version: 2",
            1,
            "amendments: version 2 lists the versions 2; mend the list",
        ),
        (
            'effective: "2026-01-01"',
            'effective: "2025-12-31"',
            2,
            "effective: 2025-12-31 is before the term begins (2026-01-01); write a later day",
        ),
        (
            "services: [faults, network]",
            "services: [faults, networks]",
            10,
            "coverage.services[1]: must be 'faults', 'consulting', 'network', 'backup' or 'requests'; did you mean "
            "'network'?",
        ),
        ("law: {governing: German law}", "law: {}", 30, "law: missing key 'governing'; add it"),
    ],
)
def test_a_mistake_is_told_with_its_line(files, old, new, line, message):
    assert problems(files, changed(old, new)) == [f"inventory/acme/agreement.yaml:{line}: {message}"]


def test_hours_beyond_what_is_included_have_a_rate(files):
    text = changed("  tax:", '  included: [{hours: "6"}]\n  tax:')
    assert problems(files, text) == [
        "inventory/acme/agreement.yaml:23: fees: included: hours beyond them have no rate; write rates, or "
        "exhausted: stop"
    ]


def test_a_client_without_the_file_has_no_working_copy(files):
    assert files[0].working_copy("acme") is None


def test_one_byte_form():
    one = agreement()
    assert Agreement.model_validate(json.loads(one.canonical())).digest == one.digest
    assert agreement(payment__days=31).digest != one.digest


def test_what_is_signed_keeps_which_priority_is_more_severe():
    kept = Agreement.model_validate(json.loads(agreement().canonical()))
    assert list(kept.levels.priorities) == ["other", "urgent"]
    assert list(kept.levels.by_severity) == list(agreement().levels.by_severity) == ["urgent", "other"]


def test_what_is_written_is_what_is_read(files):
    reader, directory = files
    reader.create("acme", agreement(), comment="The agreement.")
    assert reader.working_copy("acme").agreement == agreement()
    assert (directory / "agreement.yaml").read_text().startswith("# The agreement.\n")
    with pytest.raises(InputError, match=r"agreement\.yaml:1: there is an agreement"):
        reader.create("acme", agreement(), comment="Another.")


def test_an_amendment_keeps_every_comment(files):
    reader, directory = files
    before = TEXT.replace("version: 1", "# ours\nversion: 1  # the first")
    (directory / "agreement.yaml").write_text(before)
    reader.amend("acme", Amendment.model_validate(SECOND))
    after = (directory / "agreement.yaml").read_text()
    assert after == (
        before.replace("version: 1  #", "version: 2  #").replace(
            'effective: "2026-01-01"', 'effective: "2026-07-01"'
        )
        + 'amendments:\n  - {version: 2, effective: "2026-07-01", summary: Dearer}\n'
    )
    reader.amend("acme", Amendment.model_validate({**SECOND, "version": 3, "effective": "2026-08-01"}))
    found = reader.working_copy("acme").agreement
    assert [amendment.version for amendment in found.amendments] == [2, 3]
    assert yaml.safe_load((directory / "agreement.yaml").read_text())["effective"] == "2026-08-01"


SECOND = {"version": 2, "effective": "2026-07-01", "summary": "Dearer"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "Files: {kind: server}\n",
            ":1: 'Files' is not an asset's id; write lower-case letters and digits with single hyphens, at most 63",
        ),
        ("files: server\n", ":1: files: an asset must be a mapping (key: value)"),
        (
            "files: {kind: toaster}\n",
            ":1: files: kind: must be 'server', 'workstation', 'printer', 'storage', 'phone', 'software', 'service', "
            "'line' or 'other'; did you mean 'other'?",
        ),
        (
            "a: {kind: server, uid: x}\nb:\n  kind: server\n  uid: x\n",
            ":4: b: the uid x is also a's; give each its own",
        ),
        (
            'a: {kind: server, purchased: "2026-02-01", warranty_until: "2026-01-01"}\n',
            ":1: a: 'to' (2026-01-01) is before 'from' (2026-02-01); swap them",
        ),
    ],
)
def test_assets_that_are_wrong(files, text, problem):
    reader, directory = files
    (directory / "assets.yaml").write_text(text)
    with pytest.raises(InputError) as refused:
        reader.assets("acme")
    assert list(refused.value.problems) == [f"inventory/acme/assets.yaml{problem}"]


def test_an_assets_uid_is_its_id_where_none_is_given(files):
    reader, directory = files
    (directory / "assets.yaml").write_text("a: {kind: server}\nb: {kind: line, uid: x}\n")
    assert {name: asset.uid for name, asset in reader.assets("acme").assets.items()} == {"a": "a", "b": "x"}
