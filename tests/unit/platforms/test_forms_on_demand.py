"""A platform's form is imported when somebody looks it up, and those of other makers are not."""

import subprocess
import sys

from netmgr.platforms import FORMS

PROGRAM = """
import sys
from netmgr.platforms import FORMS
from netmgr.adapters.installed_platforms import InstalledForms
FORMS["frr"], "eos" in FORMS, len(InstalledForms())
print([name for name in FORMS if f"netmgr.platforms.{name}" in sys.modules])
"""


def test_each_is_called_what_it_is_looked_up_by():
    assert {name: form.name for name, form in FORMS.items()} == {name: name for name in FORMS}
    assert len(FORMS) == len(list(FORMS)) == 5
    assert "oak" not in FORMS
    assert FORMS.get("oak") is None
    assert FORMS["frr"] is FORMS["frr"]


def test_nobody_else_s_is_imported_with_it():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "['frr']\n"
