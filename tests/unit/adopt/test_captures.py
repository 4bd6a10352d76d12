"""The captured configurations say where they come from, and are those files."""

from tests.unit.adopt.law import CONFIGS


def test_every_capture_names_its_origin():
    rows = [line.split("\t") for line in (CONFIGS / "ORIGIN.tsv").read_text().splitlines()]
    assert {name for name, _ in rows} == {
        f"{path.parent.name}/{path.name}" for path in CONFIGS.rglob("*.cfg")
    }
    assert all(origin.startswith("batfish/lab-validation:snapshots/") for _, origin in rows)
    assert len(rows) == 11
