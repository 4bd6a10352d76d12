"""Interfaces with a cable that do not say so yet, as the kernel's files tell them."""

from pathlib import Path

from netmgr.lab.frr.carriers import unsettled


def interface(root: Path, name: str, carrier: str | None, operstate: str) -> None:
    device = root / "sys/class/net" / name
    device.mkdir(parents=True)
    if carrier is not None:  # the kernel refuses to read an interface's carrier while it is shut
        (device / "carrier").write_text(f"{carrier}\n")
    (device / "operstate").write_text(f"{operstate}\n")


def test_only_a_carrier_that_was_not_heard_of_is_unsettled(tmp_path):
    interface(tmp_path, "works", "1", "up")
    interface(tmp_path, "late", "1", "down")
    interface(tmp_path, "later", "1", "lowerlayerdown")
    interface(tmp_path, "unplugged", "0", "down")
    interface(tmp_path, "shut", None, "down")
    names = ("works", "late", "later", "unplugged", "shut", "absent")
    assert list(unsettled(tmp_path, names)) == ["late", "later"]
