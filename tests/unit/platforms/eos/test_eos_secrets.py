"""Secrets of EOS configurations are taken out; what is no secret stays."""

import pytest

from netmgr.platforms.eos.secrets import REMOVED, redacted

#: Each line with the secret between brackets.
LINES = (
    "username admin privilege 15 role network-admin secret sha512 [$6$ab$cd/ef]",
    "username admin secret 0 [hush]",
    "username admin secret [hush]",
    "enable password sha512 [$6$ab$cd]",
    "aaa root secret 5 [$1$ab]",
    "   neighbor 10.0.0.1 password 7 [Jvf4RYGH+51PCxaLRIwJLA==]",
    "   neighbor GROUP password [hush]",
    "-   neighbor GROUP password 0 [hush]",
    "   ip ospf authentication-key 7 [asdf]",
    "   ip ospf message-digest-key 1 sha512 7 [asdf]",
    "   ipv6 ospf authentication ipsec spi 100 md5 passphrase 7 [kJLQ2UxPSLtsZ75QNgTh6g==]",
    "   area 0.0.0.0 authentication ipsec spi 4 sha1 passphrase 0 [hush]",
    "tacacs-server host 10.0.0.1 vrf MGMT key 7 [071B245F5A]",
    "radius-server host 10.0.0.1 auth-port 1812 key [hush]",
    "tacacs-server key 7 [071B245F5A]",
    "snmp-server community [hush] ro",
    "snmp-server host 10.0.0.1 vrf MGMT version 2c [hush]",
    "snmp-server host 10.0.0.1 informs version 2c [hush]",
    "snmp-server user u g v3 auth sha [hush] priv aes [hush2]",
    "snmp-server user u g v3 localized 4242 auth sha [8da5] priv aes [99]",
    "ntp authentication-key 1 md5 7 [044F0E151B]",
    "   isis authentication key 7 [asdf]",
    "+   authentication index 55 password 7 [1424]",
    "   vrrp 10 authentication text [hush]",
    "   exec /usr/bin/TerminAttr -cvaddr=10.0.0.1:9910 -cvauth=key,[magic] -cvvrf=mgt",
    "[MIIJQgIBADANBgkqhkiG9w0BAQEFAASCCSwwggkoAgEAAoICAQCc9nlFQ]",
)

KEPT = (
    "username admin ssh-key ssh-rsa AAAAB3NzaC1yc2E",
    "username admin nopassword",
    "   neighbor 10.0.0.1 password shared-secret profile p algorithm aes",
    "   description the key of the house",
    "snmp-server host 10.0.0.1 version 3 priv reader",
    "   rd 10.0.0.1:1",
    "service password-recovery",
)


@pytest.mark.parametrize("line", LINES)
def test_secrets_are_taken_out(line):
    shown = line.replace("[", "").replace("]", "")
    hidden = redacted(shown)
    for part in line.split("[")[1:]:
        secret = part.partition("]")[0]
        line = line.replace(f"[{secret}]", REMOVED)
    assert hidden == line


@pytest.mark.parametrize("line", KEPT)
def test_what_is_no_secret_stays(line):
    assert redacted(line) == line
