"""Cisco IOS and IOS-XE: their form, and how they say what they run."""

from netmgr.platforms.ios.form import IOS as IOS
