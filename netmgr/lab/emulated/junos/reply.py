"""NETCONF's replies as Junos writes them (RFC 6241; NETCONF XML Management Protocol Developer Guide)."""

from xml.etree import ElementTree as ET

BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
#: Junos's own attributes stand in a namespace of the release.
_JUNOS = "http://xml.juniper.net/junos/{version}/junos"


def element(tag: str, text: object = None, *children: ET.Element, **attributes: str) -> ET.Element:
    """An element. An attribute ``seconds`` or ``style`` is Junos's own."""
    made = ET.Element(tag, {_name(name): value for name, value in attributes.items()})
    if text is not None:
        made.text = str(text)
    made.extend(children)
    return made


def error(
    message: str,
    *,
    tag: str = "operation-failed",
    severity: str = "error",
    path: str = "",
    word: str = "",
    kind: str = "protocol",
) -> ET.Element:
    """An ``rpc-error``."""
    made = element(
        "rpc-error",
        None,
        element("error-type", kind),
        element("error-tag", tag),
        element("error-severity", severity),
    )
    if path:
        made.append(element("error-path", path))
    made.append(element("error-message", f"\n{message}\n"))
    if word:
        made.append(element("error-info", None, element("bad-element", word)))
    return made


def reply(version: str, attributes: dict[str, str], body: list[ET.Element]) -> str:
    """The whole message. ``attributes`` are those of the request, which come back (RFC 6241, 4.1)."""
    made = ET.Element(
        "rpc-reply", {"xmlns": BASE, "xmlns:junos": _JUNOS.format(version=version), **attributes}
    )
    made.extend(body)
    return ET.tostring(made, encoding="unicode")


def local(name: str) -> str:
    """A tag or attribute without its namespace."""
    return name.rpartition("}")[2]


def child(parent: ET.Element, name: str) -> ET.Element | None:
    """The first child of that name, whatever its namespace."""
    return next((each for each in parent if local(each.tag) == name), None)


def text_of(parent: ET.Element, name: str) -> str | None:
    """The text of the first child of that name."""
    found = child(parent, name)
    return None if found is None else (found.text or "").strip()


def _name(name: str) -> str:
    own = name in ("seconds", "style", "celsius", "heading")
    return f"junos:{name}" if own else name.replace("_", "-")
