"""Plug-ins that Ansible finds by path."""
