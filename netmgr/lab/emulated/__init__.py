"""Emulated devices: stand-ins that speak their vendor's protocol on loopback and keep state as its device does.

They prove how netmgr drives real drivers over real sockets, not that a vendor's parser takes a line. Nothing here
shares code with ``netmgr.platforms``: a mistake in one of the two must not hide in the other.
"""
