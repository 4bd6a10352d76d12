"""FRRouting: its form, and how it says what it runs."""

from netmgr.platforms.frr.form import FRR as FRR
