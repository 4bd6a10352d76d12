"""What makes a Factur-X of a PDF: the invoice's XML as a file within it, and what the metadata say of that.

WeasyPrint writes PDF/A-3 with attachments itself, tagged; the factur-x library would write the finished file anew,
with its own metadata and the time of day. Its schema of EN 16931 is what the XML is held against.
"""

from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

from netmgr.errors import DocumentError
from netmgr.model.printable import printable

NAME = "factur-x.xml"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
_UA = "http://www.aiim.org/pdfua/ns/id/"
_FACTURX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_PREFIXES = {"pdfaExtension": _EXTENSION, "pdfaSchema": _SCHEMA, "pdfaProperty": _PROPERTY, "fx": _FACTURX}
_SAID = {
    "DocumentType": ("INVOICE", "what the embedded file is"),
    "DocumentFileName": (NAME, "the name of the embedded file"),
    "Version": ("1.0", "the version of the schema of these properties"),
    "ConformanceLevel": ("EN 16931", "the profile that the embedded file keeps to"),
}


def check(xml: bytes) -> None:
    """Nothing but that: the XML is valid by the schema of Factur-X's profile EN 16931. Raises DocumentError."""
    from facturx import xml_check_xsd

    try:
        xml_check_xsd(xml, flavor="factur-x", level="en16931")
    except Exception as error:
        # The library raises nothing narrower.
        said = printable(str(error.__cause__ or error)[:300])
        raise DocumentError(
            f"the electronic invoice is not valid by its schema: {said}; this is a fault of netmgr's"
        ) from error


def attachment(xml: bytes, day: date) -> Any:
    """The file as WeasyPrint embeds it: another form of the same invoice, of the invoice's day."""
    from weasyprint import Attachment

    at = datetime.combine(day, time())
    return Attachment(
        string=xml,
        name=NAME,
        description="EN 16931",
        created=at,
        modified=at,
        relationship="Alternative",
    )


def once(document: Any, pdf: Any) -> None:  # noqa: ARG001  WeasyPrint's signature
    """Have the catalogue name each associated file once: WeasyPrint finds it in two places, and names it twice."""
    files = list(dict.fromkeys(pdf.catalog["AF"]))
    pdf.catalog["AF"][:] = files


def declare(metadata: Any) -> None:
    """Have WeasyPrint's metadata say that the PDF is a Factur-X, and accessible as well (PDF/UA-1).

    PDF/A wants every property that is not its own described (ISO 19005-3, 6.6.2.3).
    """
    generate = metadata.generate_rdf_metadata
    for prefix, namespace in _PREFIXES.items():
        register_namespace(prefix, namespace)

    def generated(*variant: object) -> bytes:
        rdf = fromstring(generate(*variant))  # noqa: S314  what WeasyPrint has just written
        schemas = SubElement(SubElement(_description(rdf), f"{{{_EXTENSION}}}schemas"), f"{{{_RDF}}}Bag")
        _described(
            schemas, "PDF/UA identification", _UA, "pdfuaid", {"part": ("Integer", "internal", "the part")}
        )
        _described(
            schemas,
            "Factur-X",
            _FACTURX,
            "fx",
            {name: ("Text", "external", what) for name, (_, what) in _SAID.items()},
        )
        _description(rdf).set(f"{{{_UA}}}part", "1")
        said = _description(rdf)
        for name, (value, _) in _SAID.items():
            said.set(f"{{{_FACTURX}}}{name}", value)
        return bytes(tostring(rdf, encoding="utf-8"))

    metadata.generate_rdf_metadata = generated


def _description(rdf: Element) -> Element:
    return SubElement(rdf, f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": ""})


def _described(
    schemas: Element, name: str, namespace: str, prefix: str, properties: dict[str, tuple[str, str, str]]
) -> None:
    resource = {f"{{{_RDF}}}parseType": "Resource"}
    schema = SubElement(schemas, f"{{{_RDF}}}li", resource)
    for key, text in (("schema", name), ("namespaceURI", namespace), ("prefix", prefix)):
        SubElement(schema, f"{{{_SCHEMA}}}{key}").text = text
    listed = SubElement(SubElement(schema, f"{{{_SCHEMA}}}property"), f"{{{_RDF}}}Seq")
    for key, (type_, category, what) in properties.items():
        each = SubElement(listed, f"{{{_RDF}}}li", resource)
        for tag, text in (("name", key), ("valueType", type_), ("category", category), ("description", what)):
            SubElement(each, f"{{{_PROPERTY}}}{tag}").text = text
