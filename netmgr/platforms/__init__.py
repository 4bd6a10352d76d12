"""Platforms: what each can do, as data. A platform's own is imported when it is looked up first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netmgr.platforms.form import PlatformForm

#: Platform → the name of its form, in the module of the platform's name.
_OWN = {"frr": "FRR", "eos": "EOS", "ios": "IOS", "junos": "JUNOS", "linux": "LINUX"}


class _Forms(Mapping[str, "PlatformForm"]):
    """netmgr's own forms: all of them take 0.06 s of CPU, and few clients have devices of every maker."""

    def __getitem__(self, name: str) -> PlatformForm:
        attribute = _OWN[name]  # a KeyError for what is none of ours
        form: PlatformForm = getattr(import_module(f"{__name__}.{name}"), attribute)
        return form

    def __contains__(self, name: object) -> bool:
        return name in _OWN

    def __iter__(self) -> Iterator[str]:
        return iter(_OWN)

    def __len__(self) -> int:
        return len(_OWN)


FORMS: Mapping[str, PlatformForm] = _Forms()
