"""Cisco IOS, emulated: configuration, command line, files, archive and the timer of a confirmed change."""
