"""What runs inside Ansible's own process: the inventory from memory, results without secrets, and what is forbidden.

``launch`` starts Ansible; ``inventory`` and ``callback`` are directories of plug-ins that Ansible finds by path.
"""
