"""The captured configurations say where they come from, and the model says nearly all that it has features for."""

import pytest

from netmgr.platforms import FORMS
from tests.unit.adopt.law import CONFIGS, assert_law, captures

READ = [path for name, form in FORMS.items() if form.adopt and name != "frr" for path in captures(name)]


def test_every_capture_names_its_origin():
    rows = [line.split("\t") for line in (CONFIGS / "ORIGIN.tsv").read_text().splitlines()]
    assert {name for name, _ in rows} == {
        f"{path.parent.name}/{path.name}" for path in CONFIGS.rglob("*.cfg")
    }
    assert all(origin.startswith("batfish/lab-validation:snapshots/") for _, origin in rows)
    assert len(rows) == 11


@pytest.mark.parametrize("path", READ, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_nine_tenths_of_the_lines_of_the_model_s_features_are_in_the_data(path):
    """What is printed of each line stands in tests/golden/adopt."""
    lines = [line for line in assert_law(path.parent.name, path.read_text()).lines if line.feature]
    assert sum(line.explained for line in lines) >= 0.9 * len(lines)
