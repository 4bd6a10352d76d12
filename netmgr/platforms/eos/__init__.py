"""Arista EOS: its form, and how it says what it runs."""

from netmgr.platforms.eos.form import EOS as EOS
