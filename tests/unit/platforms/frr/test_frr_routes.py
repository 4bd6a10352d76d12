"""FRR's tables of routes, as FRR 8.4.4 printed them."""

from netmgr.model.check_state import Routes
from netmgr.platforms.frr.routes import route_commands, routes

SUMMARY4 = """{"routes":[
 {"fib":4,"rib":4,"fibOffLoaded":0,"fibTrapped":0,"type":"connected"},
 {"fib":2,"rib":2,"fibOffLoaded":0,"fibTrapped":0,"type":"ebgp"},
 {"fib":3,"rib":9,"fibOffLoaded":0,"fibTrapped":0,"type":"ibgp"},
 {"fib":0,"rib":7,"fibOffLoaded":0,"fibTrapped":0,"type":"ospf"}],
 "routesTotal":22,"routesTotalFib":9}"""
SUMMARY6 = """{"routes":[{"fib":3,"rib":3,"type":"ospf6"}],"routesTotal":3,"routesTotalFib":3}"""
USED = """{"10.255.0.2/32":[{"prefix":"10.255.0.2/32","protocol":"ospf","distance":110},
 {"prefix":"10.255.0.2/32","protocol":"bgp","selected":true,"destSelected":true,"installed":true}]}"""
UNUSED = """{"192.0.2.0/24":[{"prefix":"192.0.2.0/24","protocol":"static","selected":true},
 {"prefix":"192.0.2.0/24","protocol":"bgp","installed":true}]}"""
COVERING = """{"0.0.0.0/0":[{"prefix":"0.0.0.0/0","protocol":"bgp","selected":true,"installed":true}]}"""


def test_the_question_and_the_answer():
    prefixes = ("10.255.0.2/32", "192.0.2.0/24", "198.51.100.0/24", "2001:db8::/48")
    assert route_commands(prefixes) == (
        "show ip route summary json",
        "show ipv6 route summary json",
        "show ip route 10.255.0.2/32 json",
        "show ip route 192.0.2.0/24 json",
        "show ip route 198.51.100.0/24 json",
        "show ipv6 route 2001:db8::/48 json",
    )
    assert routes(prefixes, [SUMMARY4, SUMMARY6, USED, UNUSED, COVERING, "{}"]) == Routes(
        counts={"ipv4 connected": 4, "ipv4 bgp": 5, "ipv6 ospf": 3}, present=frozenset({"10.255.0.2/32"})
    )


def test_an_empty_table():
    assert routes((), ["{}", "{}"]) == Routes(counts={})
