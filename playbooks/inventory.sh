#!/bin/sh
# One client as an Ansible inventory, always as the workspace's files say now:
#   NETMGR_CLIENT=acme ansible -m ping -i playbooks/inventory.sh all     (NETMGR_LAB=1: its lab)
exec netmgr -w "$(cd -- "$(dirname -- "$0")/.." && pwd)" inventory ansible "$@"
