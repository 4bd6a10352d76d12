"""config/netmgr.yaml → Settings."""
