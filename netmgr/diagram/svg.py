"""The picture as SVG: stands alone, prints on paper, follows a dark screen, can be told apart without colours.

Colours are Okabe and Ito's ("Color Universal Design", 2008), lightened for areas; kinds of links differ by dashes and
width too, lifecycles by their border.
"""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from netmgr.diagram.geometry import Box, text_width
from netmgr.diagram.labels import LABEL_HEIGHT, LABEL_SIZE, PORT_SIZE
from netmgr.diagram.layout import LINE_HEIGHT, LINE_SIZE, NAME_SIZE, TITLE_SIZE, Layout, layout
from netmgr.diagram.network import Kind, Network, Node

#: Fill on paper and on a dark screen, for the first roles in alphabetical order; the rest share the last.
_FILLS = (
    ("#d6ecfa", "#17445c"),
    ("#fce3c0", "#5c3c08"),
    ("#cfeee2", "#0b4a37"),
    ("#f6dcea", "#5b2a47"),
    ("#f9f4c4", "#55500d"),
    ("#e6e6e6", "#3d3d3d"),
)
_KINDS: dict[Kind, str] = {
    "ospf": "OSPF",
    "bgp": "BGP",
    "both": "OSPF and BGP",
    "none": "no routing protocol",
}
_LIFECYCLES = {"planned": "planned", "maintenance": "in maintenance", "external": "not ours"}

_STYLE = """
svg { --paper: #ffffff; --ink: #1a1a1a; --soft: #555555; --frame: #8a8a8a; --area: #f5f5f5;
  --ospf: #0072b2; --bgp: #d55e00; --both: #007a5a; --none: #777777;
  font-family: "DejaVu Sans", Verdana, Helvetica, Arial, sans-serif; background: var(--paper); }
@media screen and (prefers-color-scheme: dark) { svg { --paper: #14171a; --ink: #f0f0f0; --soft: #b8b8b8;
  --frame: #7d858c; --area: #1d2226; --ospf: #56b4e9; --bgp: #e69f00; --both: #3fc79a; --none: #9a9a9a; } }
.paper { fill: var(--paper); } text { fill: var(--ink); text-anchor: middle; }
.soft, .port text { fill: var(--soft); } .start { text-anchor: start; }
.name { font-weight: bold; } .frame { fill: var(--area); stroke: var(--frame); }
.device { stroke: var(--ink); stroke-width: 1.2; }
.planned { stroke-dasharray: 2 3; } .external { stroke-dasharray: 8 4; } .maintenance { stroke-width: 3.5; }
.halo { fill: var(--paper); fill-opacity: 0.88; } .cable { fill: none; stroke-width: 1.6; }
.ospf { stroke: var(--ospf); } .bgp { stroke: var(--bgp); stroke-dasharray: 9 4; }
.both { stroke: var(--both); stroke-width: 3; } .none { stroke: var(--none); stroke-dasharray: 2 4; }
"""


def svg(network: Network) -> str:
    """One SVG document (SVG 1.1 with a style sheet)."""
    return "\n".join([*_document(network), ""])


def _document(network: Network) -> Iterator[str]:
    drawn = layout(network)
    fills = _fills(network)
    legend = list(_legend(network, fills))
    head, foot = 58.0, (sum(1 for _ in _rows(legend, drawn.width)) * 24 + 16 if legend else 0)
    width = max(drawn.width, text_width(network.title, 20) + 60, text_width(network.summary, 12) + 60, 320)
    height = head + drawn.height + foot
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" '
        f'height="{_n(height)}" role="img" aria-labelledby="title description">'
    )
    yield f'<title id="title">{escape(network.title)}</title>'
    yield f'<desc id="description">{escape(_described(network))}</desc>'
    yield f"<style>{_STYLE}{_roles(fills)}</style>"
    yield f'<rect class="paper" width="{_n(width)}" height="{_n(height)}"/>'
    yield f'<text class="start name" x="30" y="32" font-size="20">{escape(network.title)}</text>'
    yield f'<text class="start soft" x="30" y="50" font-size="12">{escape(network.summary)}</text>'
    yield f'<g transform="translate({_n((width - drawn.width) / 2)} {_n(head)})">'
    yield from _frames(network, drawn)
    yield from _cables(network, drawn)
    for node in network.nodes:
        yield from _device(node, drawn, fills)
    yield "</g>"
    yield from _legend_drawn(legend, drawn.width, head + drawn.height)
    yield "</svg>"


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _described(network: Network) -> str:
    """The picture in words, for whoever cannot see it."""
    links = "; ".join(cable.details for cable in network.cables)
    return f"{network.summary}. Links: {links or 'none'}."


def _fills(network: Network) -> dict[str | None, int]:
    roles = sorted({node.role for node in network.nodes if node.role is not None})
    return {role: min(index, len(_FILLS) - 1) for index, role in enumerate(roles)} | {None: len(_FILLS) - 1}


def _roles(fills: dict[str | None, int]) -> str:
    used = sorted(set(fills.values()))
    light = "".join(f".fill{index} {{ fill: {_FILLS[index][0]}; }} " for index in used)
    dark = "".join(f".fill{index} {{ fill: {_FILLS[index][1]}; }} " for index in used)
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{ {dark}}}\n"


def _frames(network: Network, drawn: Layout) -> Iterator[str]:
    titles = {place.id: place.title for place in network.places}
    for site, frame in drawn.frames.items():
        yield f'<rect class="frame" {_rect(frame)} rx="8"/>'
        yield (
            f'<text class="start soft" x="{_n(frame.left + 10)}" y="{_n(frame.top + TITLE_SIZE * 1.4)}" '
            f'font-size="{_n(TITLE_SIZE)}">{escape(titles.get(site, site))}</text>'
        )


def _rect(box: Box) -> str:
    return f'x="{_n(box.left)}" y="{_n(box.top)}" width="{_n(box.width)}" height="{_n(box.height)}"'


def _cables(network: Network, drawn: Layout) -> Iterator[str]:
    for cable, (a, b) in zip(network.cables, drawn.lines, strict=True):
        yield (
            f'<path class="cable {cable.kind}" d="M{_n(a[0])} {_n(a[1])}L{_n(b[0])} {_n(b[1])}">'
            f"<title>{escape(cable.details)}</title></path>"
        )
    for text in drawn.texts:
        size = LABEL_SIZE if text.kind == "label" else PORT_SIZE
        yield f'<g class="{text.kind}"><rect class="halo" {_rect(text.box)} rx="2"/>'
        for number, line in enumerate(text.lines):
            y = text.box.top + 1 + (number + 0.82) * size * LABEL_HEIGHT
            yield f'<text x="{_n(text.box.x)}" y="{_n(y)}" font-size="{_n(size)}">{escape(line)}</text>'
        yield "</g>"


def _device(node: Node, drawn: Layout, fills: dict[str | None, int]) -> Iterator[str]:
    box, subtitle = drawn.boxes[node.name], drawn.subtitles.get(node.name)
    yield f"<g><title>{escape(node.details)}</title>"
    yield f'<rect class="device fill{fills[node.role]} {node.lifecycle}" {_rect(box)} rx="5"/>'
    small = [*node.lines, *([subtitle] if subtitle else [])]
    y = box.y - (NAME_SIZE + len(small) * LINE_SIZE) * LINE_HEIGHT / 2 + NAME_SIZE
    yield f'<text class="name" x="{_n(box.x)}" y="{_n(y)}" font-size="{_n(NAME_SIZE)}">{escape(node.name)}</text>'
    for line in small:
        y += LINE_SIZE * LINE_HEIGHT
        soft = ' class="soft"' if line == subtitle else ""
        yield f'<text{soft} x="{_n(box.x)}" y="{_n(y)}" font-size="{_n(LINE_SIZE)}">{escape(line)}</text>'
    yield "</g>"


def _legend(network: Network, fills: dict[str | None, int]) -> Iterator[tuple[str, str]]:
    """(what stands beside a sample, the sample drawn at 0, 0 in 30 by 14)."""
    for role, index in fills.items():
        if any(node.role == role for node in network.nodes):
            yield role or "no role", f'<rect class="device fill{index}" width="30" height="14" rx="3"/>'
    for lifecycle, words in _LIFECYCLES.items():
        if any(node.lifecycle == lifecycle for node in network.nodes):
            yield words, f'<rect class="device {lifecycle}" fill="none" width="30" height="14" rx="3"/>'
    for kind, words in _KINDS.items():
        if any(cable.kind == kind for cable in network.cables):
            yield words, f'<path class="cable {kind}" d="M0 7L30 7"/>'


def _rows(legend: Sequence[tuple[str, str]], width: float) -> Iterator[list[tuple[float, str, str]]]:
    """Rows of (x, words, sample) that fit the picture's width."""
    row: list[tuple[float, str, str]] = []
    x = 30.0
    for words, sample in legend:
        need = 30 + 8 + text_width(words, 12) + 24
        if row and x + need > width:
            yield row
            row, x = [], 30.0
        row.append((x, words, sample))
        x += need
    if row:
        yield row


def _legend_drawn(legend: Sequence[tuple[str, str]], width: float, top: float) -> Iterator[str]:
    for number, row in enumerate(_rows(legend, width)):
        for x, words, sample in row:
            yield f'<g transform="translate({_n(x)} {_n(top + number * 24)})">{sample}'
            yield f'<text class="start" x="38" y="12" font-size="12">{escape(words)}</text></g>'
