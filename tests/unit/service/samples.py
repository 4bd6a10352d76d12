"""A small agreement that is whole; tests change one thing at a time."""

import yaml

from netmgr.model.agreement import Agreement

TEXT = """\
version: 1
effective: "2026-01-01"
languages: [en]
timezone: Europe/Berlin
parties:
  client: {name: Acme, address: Berlin, represented_by: {name: A}}
  provider: {name: Example, address: London, represented_by: {name: B}}
term: {from: "2026-01-01", to: "2026-12-31", notice: 90d, run_off: 30d}
coverage:
  services: [faults, network]
calendar:
  timezone: Europe/Berlin
  hours: {monday: "08:00-18:00"}
levels:
  priorities:
    urgent: {response: 30m, resolution: 4h, calendar: always}
    other: {response: 4h}
  matrix:
    extensive: {critical: urgent, high: urgent, medium: other, low: other}
    significant: {critical: other, high: other, medium: other, low: other}
    limited: {critical: other, high: other, medium: other, low: other}
emergency: {priority: urgent}
fees:
  currency: EUR
  fixed: [{name: Desk, amount: "100.00"}]
  tax: {code: S, rate: "19"}
payment: {days: 30, suspension: {grace: 30d, notice: 14d}}
duties: {client: [Gives access.], provider: [Keeps secrets.]}
confidentiality: {years: 3, retention: {log: 3650d, texts: 1095d, personal: 1095d}}
law: {governing: German law}
"""


def data(**changes: object) -> dict[str, object]:
    """The agreement's data; a key with dots (``term__to``) is one further down."""
    whole = yaml.safe_load(TEXT)
    for key, value in changes.items():
        node, (*above, last) = whole, key.split("__")
        for step in above:
            node = node[step]
        if value is None:
            del node[last]
        else:
            node[last] = value
    return whole


def agreement(**changes: object) -> Agreement:
    return Agreement.model_validate(data(**changes))
