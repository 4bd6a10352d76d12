"""What runs on the router: configuration trees, their delta, the commit-confirm program.

Standard library and Python 3.7 syntax only. ``subprocess``, ``pathlib``, ``dataclasses`` and their like are not used:
importing them would cost a router more than the work they are used for, on every start.
"""
