"""Labs: twins of clients' networks on this machine, behind the port ``netmgr.ports.lab``."""

#: Where system programs are, whatever the user's own PATH says (Debian's leaves out the sbin directories).
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
