"""An emulated Junos device: candidate and committed configuration, commit confirmed, NETCONF's answers."""
