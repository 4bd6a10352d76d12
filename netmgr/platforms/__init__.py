"""Platforms: what each can do, as data."""

from netmgr.platforms.eos import EOS
from netmgr.platforms.form import PlatformForm
from netmgr.platforms.frr import FRR
from netmgr.platforms.ios import IOS
from netmgr.platforms.junos import JUNOS
from netmgr.platforms.linux import LINUX

FORMS: dict[str, PlatformForm] = {form.name: form for form in (FRR, EOS, IOS, JUNOS, LINUX)}
