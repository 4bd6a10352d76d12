"""Junos: its form, and how it says what it runs."""

from netmgr.platforms.junos.form import JUNOS as JUNOS
