"""Larch as a platform of netmgr's."""
