"""Secrets of Junos: hidden wherever they stand, and read where they are only disguised."""

import pytest

from netmgr.platforms.junos.canonical import canonical
from netmgr.platforms.junos.secrets import read, redacted

HIDDEN = """\
set system root-authentication encrypted-password "$6$salt$hash"
set system login user ops authentication encrypted-password secret-hash
set system radius-server 192.0.2.1 secret hunter2
set system tacplus-server 192.0.2.1 secret "hunter two"
set system ntp authentication-key 7 type md5 value hunter2
set protocols bgp group g authentication-key hunter2
set protocols bgp group g neighbor 192.0.2.1 authentication-key hunter2
set protocols ospf area 0.0.0.0 interface ge-0/0/0.0 authentication md5 7 key hunter2
set protocols ospf area 0.0.0.0 interface ge-0/0/0.0 authentication simple-password hunter2
set security authentication-key-chains key-chain k key 1 secret hunter2
set security ike policy p pre-shared-key ascii-text hunter2
set snmp community hunter2
set snmp community hunter2 authorization read-only
deactivate snmp community hunter2
set routing-instances r snmp community hunter2 authorization read-only
set snmp trap-group hunter2 targets 192.0.2.1
set snmp v3 usm local-engine user u authentication-sha authentication-password hunter2
set snmp v3 usm local-engine user u privacy-aes128 privacy-key hunter2
set snmp v3 snmp-community index community-name hunter2
set access profile p client c firewall-user password hunter2
set services unknown thing "$9$LbHX-wg4Z"
set security certificates local c "-----BEGIN RSA PRIVATE KEY-----\\nhunter2\\n-----END RSA PRIVATE KEY-----\\n"
        community hunter2 {
        encrypted-password "$5$hunter2"; ## SECRET-DATA
        authentication-key "$9$hunter2"; ## SECRET-DATA
"""

SHOWN = """\
set policy-options community customers members 65000:1
set policy-options policy-statement p term t from community customers
set policy-options policy-statement p term t then community add customers
set system login user ops authentication ssh-ed25519 "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ops"
set system authentication-order password
set system ntp authentication-key 7 type md5
set system ntp server 192.0.2.1 key 7
set snmp location "room 7"
        community customers members 65000:1;
"""


@pytest.mark.parametrize("line", HIDDEN.splitlines())
def test_hidden(line):
    shown = redacted(line)
    assert "<removed>" in shown
    assert not any(secret in shown for secret in ("hunter", "hash", "LbHX", "two"))


@pytest.mark.parametrize("line", SHOWN.splitlines())
def test_shown(line):
    assert redacted(line) == line


def test_equal_lines_stay_equal_and_others_different():
    lines = ["set snmp community a authorization read-only", "set snmp community a clients 192.0.2.0/24"]
    assert redacted("\n".join(lines)) == (
        "set snmp community <removed> authorization read-only\nset snmp community <removed> clients 192.0.2.0/24"
    )


#: Made by Crypt::Juniper 0.02, with other salt each time.
DISGUISED = {
    "lc": ["$9$LbHX-wg4Z"],
}


@pytest.mark.parametrize(("secret", "word"), [(s, w) for s, words in DISGUISED.items() for w in words])
def test_what_is_only_disguised_is_read(secret, word):
    assert read(word) == secret


@pytest.mark.parametrize("word", ["hunter2", "$9$", "$9$L", "$9$LbHX-wg4", "$6$salt$hash", "$9$LbHX-wg4Z!"])
def test_what_is_none_stays(word):
    assert read(word) == word


def test_salt_makes_no_difference():
    told = canonical("set protocols bgp group g authentication-key lc\n")
    shown = canonical('protocols { bgp { group g { authentication-key "$9$LbHX-wg4Z"; ## SECRET-DATA\n} } }')
    assert shown == told == "set protocols bgp group g authentication-key lc\n"


def test_what_would_not_be_hidden_is_not_read():
    line = 'set services unknown thing "$9$LbHX-wg4Z"\n'
    assert canonical(line) == line
