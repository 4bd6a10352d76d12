#!/usr/bin/env bash
# The main job on a real, embedded network: eleven FRRouting routers in the shape of Abilene, a research network of the
# United States (1999-2007). Every step prints the command that it runs, so that it can be repeated by hand.
set -euo pipefail

demo=$(mktemp -d "${TMPDIR:-/tmp}/netmgr-demo.XXXXXX")
hosts="$demo/inventory/abilene/hosts.yaml"
trap 'netmgr -w "$demo" lab down -c abilene 2>/dev/null || true; rm -rf "$demo"' EXIT

tell() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
shown() { # the command as it would be typed
    local word line=''
    for word in "$@"; do
        case $word in *[!A-Za-z0-9_./=:,-]*) word="'$word'" ;; esac
        line="$line $word"
    done
    printf '\033[36m$%s\033[0m\n' "$line"
}
run() { # run EXIT_CODE COMMAND…: show it, run it, insist on its exit code
    local expected=$1 code=0
    shift
    shown "$@"
    "$@" || code=$?
    if [ "$code" != "$expected" ]; then
        echo "demo: exit code $code instead of $expected" >&2
        exit 1
    fi
}
edit() { # edit SED_EXPRESSION: change hosts.yaml and show what changed
    cp "$hosts" "$hosts.before"
    shown sed -i "$1" inventory/abilene/hosts.yaml
    sed -i "$1" "$hosts"
    diff --unified=2 --label before --label after "$hosts.before" "$hosts" || true
}
undo() { mv "$hosts.before" "$hosts"; }

rmdir "$demo"
tell "A workspace with an example client: eleven routers, fourteen links, as YAML"
run 0 netmgr init "$demo"
cd "$demo"
run 0 netmgr validate -c abilene

tell "Its twin: eleven real FRR routers in namespaces of this user"
run 0 netmgr lab up -c abilene

tell "What would a deploy change? Everything: the routers are empty. Here is one of them"
run 0 netmgr --lab plan -c abilene -l denver
run 0 sh -c 'netmgr --lab plan -c abilene --out abilene.plan | tail -n 2'

tell "Change the network as one transaction: a timer on each device, checks, then confirm everywhere"
run 0 netmgr --lab deploy abilene.plan -c abilene --yes -m "first rollout"
run 0 netmgr lab exec -c abilene denver -- vtysh -c "show bgp summary" -c "show ip ospf neighbor"

tell "A second plan finds nothing to do"
run 0 netmgr --lab plan -c abilene --detailed-exitcode

tell "A bad change: denver gets another AS number, its neighbors are not told. The checks fail, it comes back by itself"
edit '/^denver:/,/asn:/ s/asn: 4200000007/asn: 4200000099/'
run 4 netmgr --lab deploy -c abilene -l denver --yes -m "renumber denver" --confirm-in 15
undo

tell "A worse one: houston shuts its own management interface. Nobody can reach it; its own timer brings it back"
edit '/^houston:/,/asn:/ s/^    loopback:/    interfaces: {eth0: {enabled: false}}\n    loopback:/'
run 4 netmgr --lab deploy -c abilene -l houston --yes -m "shut eth0" --confirm-in 15
undo

tell "The network is as it was"
run 0 netmgr --lab plan -c abilene --detailed-exitcode

tell "Somebody changes a router by hand: seattle's link to sunnyvale gets another OSPF cost. The audit finds it"
run 0 netmgr lab exec -c abilene seattle -- vtysh -c 'configure terminal' -c 'interface eth1' -c 'ip ospf cost 77'
run 2 netmgr --lab audit -c abilene --detailed-exitcode --diff context

tell "A deploy puts it right, and the next audit finds nothing"
run 0 netmgr --lab deploy -c abilene --yes -m "put seattle right"
run 0 netmgr --lab audit -c abilene --detailed-exitcode

tell "All of it is in a log that the client can verify"
run 0 netmgr log list -c abilene -n 12
run 0 netmgr log verify -c abilene
run 0 netmgr log checkpoint -c abilene

tell "And in a report that the client can read"
run 0 netmgr --lab report -c abilene --month "$(date -u +%Y-%m)"
report=$(mktemp "${TMPDIR:-/tmp}/netmgr-demo-report.XXXXXX.html")
mv ./abilene-*.html "$report"

tell "Done: nothing stays but the report"
run 0 netmgr lab down -c abilene
echo "The report is $report"
if [ -t 1 ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v xdg-open >/dev/null; then
    xdg-open "$report"
fi
