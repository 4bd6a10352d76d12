"""The files of a router: pure texts, the same for every host distribution."""

from netmgr.lab.frr.order import RouterOrder

#: These always run; watchfrr starts zebra and staticd whatever the daemons file says.
ALWAYS = ("watchfrr", "zebra", "staticd")

# The lab's user namespace has one user and one group, so every account that FRR and sshd look for is uid and gid 0.
ACCOUNTS = """\
root:x:0:0:root:/root:/bin/bash
admin:x:0:0:network administrator:/root:/bin/bash
frr:x:0:0:FRRouting:/nonexistent:/usr/sbin/nologin
sshd:x:0:0:sshd:/run/sshd:/usr/sbin/nologin
_lldpd:x:0:0:lldpd:/run/lldpd:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
"""
# FRR's daemons want their user to be a member of frrvty; a pty belongs to the group tty.
GROUP = """\
root:x:0:
tty:x:0:
frr:x:0:
frrvty:x:0:frr
_lldpd:x:0:
nogroup:x:65534:
"""
SHADOW = "root:*:19000:0:99999:7:::\nadmin:*:19000:0:99999:7:::\n"
PAM_FRR = "auth sufficient pam_permit.so\naccount sufficient pam_permit.so\n"
NSSWITCH = "passwd: files\ngroup: files\nshadow: files\nhosts: files\nservices: files\nprotocols: files\n"
PROFILE = """\
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
PS1='${LOGNAME:-admin}@\\h:\\w\\$ '
"""
SSHD_CONFIG = """\
Port 22
HostKey /var/lib/ssh/host_key
PidFile /run/sshd.pid
AllowUsers admin
PermitRootLogin prohibit-password
PubkeyAuthentication yes
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
X11Forwarding no
PrintMotd no
PrintLastLog no
MaxStartups 100:30:200
MaxSessions 100
AcceptEnv LANG LC_*
Subsystem sftp internal-sftp
"""

# Neighbors are told the port's name, as they are by routers and switches, not its MAC address; a booted lab's devices
# have heard each other after seconds (802.1AB's default is 30 between two frames).
LLDPD_CONF = "configure lldp portidsubtype ifname\nconfigure lldp tx-interval 2\n"

#: Files of /etc that replace the host's; the same in every router.
SHARED_ETC = {
    "passwd": ACCOUNTS,
    "group": GROUP,
    "shadow": SHADOW,
    "nsswitch.conf": NSSWITCH,
    "profile": PROFILE,
    "bash.bashrc": PROFILE,
    "environment": "",
    "pam.d/frr": PAM_FRR,
    "lldpd.conf": LLDPD_CONF,
}


def sshd_config(*, penalties: bool) -> str:
    """/etc/ssh/sshd_config. ``penalties``: whether this sshd knows PerSourcePenalties (OpenSSH 9.8 and later).

    All logins come from the one management station, which a burst of probes must not lock out.
    """
    return SSHD_CONFIG + ("PerSourcePenalties no\n" if penalties else "")


def frr_conf(router: RouterOrder) -> str:
    """The startup configuration: what a fresh installation and the lab give, then the router's own lines."""
    return (
        "frr defaults traditional\n"
        f"hostname {router.device}\n"
        "service integrated-vtysh-config\n"
        "!\n"
        f"{router.startup.strip()}\n"
    )


def startup_files(router: RouterOrder) -> dict[str, str]:
    """/etc/frr, by file name."""
    return {
        "frr.conf": frr_conf(router),
        "daemons": daemons(router),
        "vtysh.conf": "service integrated-vtysh-config\n",
        "support_bundle_commands.conf": "",
    }


def daemons(router: RouterOrder) -> str:
    """/etc/frr/daemons with the options of Debian's own file: each daemon's terminal is on loopback only."""
    lines = [
        "vtysh_enable=yes",
        "frr_profile=traditional",
        'zebra_options="-A 127.0.0.1 -s 90000000"',
    ]
    lines += [f"{name}=yes" for name in router.daemons]
    lines += [
        f'{name}_options="-A {"::1" if name in V6_ONLY else "127.0.0.1"}"'
        for name in (*router.daemons, "staticd")
    ]
    return "\n".join(lines) + "\n"


#: Daemons that speak IPv6 only; Debian binds their terminals to ::1.
V6_ONLY = frozenset({"ospf6d", "ripngd", "pim6d"})


def hosts(router: RouterOrder) -> str:
    """/etc/hosts."""
    return f"127.0.0.1 localhost\n::1 localhost\n127.0.1.1 {router.device}\n"
