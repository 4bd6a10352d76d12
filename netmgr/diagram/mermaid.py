"""The picture as Mermaid text, for wikis and Markdown that draw it themselves (https://mermaid.js.org/syntax/flowchart)."""

import json
from collections.abc import Iterator

from netmgr.diagram.network import Cable, Kind, Network, Node

_LINES: dict[Kind, tuple[str, str]] = {
    "ospf": ("--", "---"),
    "bgp": ("-.", ".-"),
    "both": ("==", "==="),
    "none": ("-.", ".-"),
}


def mermaid(network: Network) -> str:
    """A flowchart: a subgraph for each site, a node for each device, a line for each link."""
    return "\n".join([*_lines(network), ""])


def _lines(network: Network) -> Iterator[str]:
    yield from ("---", f"title: {json.dumps(network.title, ensure_ascii=False)}", "---", "graph LR")
    yield f"  accTitle: {_plain(network.title)}"
    yield f"  accDescr: {_plain(network.summary)}"
    for place in network.places:
        yield f"  subgraph {_site(place.id)}[{_quoted(place.title)}]"
        for node in network.nodes:
            if node.place == place.id:
                yield f"    {_node(node)}"
        yield "  end"
    known = {place.id for place in network.places}
    for node in network.nodes:
        if node.place not in known:
            yield f"  {_node(node)}"
    for cable in network.cables:
        yield f"  {_cable(cable)}"
    yield "  classDef external stroke-dasharray: 8 4"
    yield "  classDef planned stroke-dasharray: 2 3"
    yield "  classDef maintenance stroke-width: 3px"


def _node(node: Node) -> str:
    label = "<br>".join(_escaped(line) for line in (node.name, *node.lines))
    state = "" if node.lifecycle == "active" else f":::{node.lifecycle}"
    return f'{_device(node.name)}["{label}"]{state}'


def _cable(cable: Cable) -> str:
    words = "<br>".join(_escaped(line) for line in (" to ".join(cable.ports), *cable.label))
    begin, end = _LINES[cable.kind]
    return f'{_device(cable.ends[0])} {begin} "{words}" {end} {_device(cable.ends[1])}'


def _device(name: str) -> str:
    """A name that is no word of Mermaid's own, such as ``end``."""
    return "d_" + name.replace("-", "_")


def _site(name: str) -> str:
    return "s_" + name.replace("-", "_")


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    """Text that Mermaid and the HTML that it makes take as text: everything else as a numbered entity."""
    return "".join(c if c.isalnum() or c in " .,:/-_()" else f"#{ord(c)};" for c in text)


def _plain(text: str) -> str:
    """Text of the accessibility lines, which know no quotes and end with the line."""
    return "".join(c if c.isalnum() or c in " .,:/-_()" else " " for c in text)
