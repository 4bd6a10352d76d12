"""What the templates render is loaded by an emulated IOS device, and is what it shows then."""

import re
from pathlib import Path

import pytest

from netmgr.platforms import FORMS
from tests.unit.lab.emulated.ios_device import boot

IOS = FORMS["ios"]
GOLDEN = {path.stem: path.read_text() for path in (Path(__file__).parents[3] / "golden/ios").glob("*.conf")}
HASH = f"9 $9$nhEmQVczB7dqsO${'X' * 43}"
PORT = re.compile(r"^interface ((?:Ten)?Gigabit[^ .\n]+)", re.MULTILINE)


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_configurations_are_loaded_and_read_back(name, tmp_path):
    # Passwords have their type beside them, as the device shows them.
    text = re.sub(r"(?<= secret )secret://env/\w+", HASH, GOLDEN[name]).replace("secret://env/", "word-of-")
    ports = tuple(dict.fromkeys(PORT.findall(text)))
    device = boot(tmp_path, interfaces=ports)
    archive = "" if "archive\n" in text else "archive\n path flash:bk\n"
    wanted = IOS.canonical(text + archive)
    before = device.shown(device.device.running_text)
    said = device.replace(IOS.candidate(wanted, before), until_error=True, minutes=None, user="a")
    assert said.endswith("Rollback Done\n")
    assert IOS.canonical(device.shown(device.device.running_text)) == wanted
