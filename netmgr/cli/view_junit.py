"""Audits as JUnit's XML, for CI systems: a suite for each device, a case for each thing that was looked at.

The form is what Jenkins' JUnit plug-in and GitLab read (xUnit's schema: testsuites, testsuite, testcase with failure,
error, skipped, system-out).
"""

from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from netmgr.cli.views import printable
from netmgr.errors import InputError
from netmgr.model.audit import Audit, AuditedDevice, Finding, Passed


def write_junit(audit: Audit, path: Path) -> None:
    """Write the file. Raises InputError where that cannot be done."""
    try:
        path.write_bytes(junit(audit))
    except OSError as error:
        raise InputError([f"{path}:1: cannot be written ({error.strerror}); name another file"]) from error


def junit(audit: Audit) -> bytes:
    """The document. What must be so and is not is a failure; warnings are told with a case that holds."""
    root = Element("testsuites", name=f"netmgr audit {audit.client}", time=f"{audit.seconds:.3f}")
    for device in audit.devices:
        suite = SubElement(root, "testsuite", name=device.device, timestamp=audit.time)
        cases = [*map(_of_passed, device.passed), *(_of_finding(f, device) for f in device.findings)]
        for case in cases:
            case.set("classname", f"{audit.client}.{device.device}")
            suite.append(case)
        _count(suite)
    _count(root)
    indent(root)
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _count(suites: Element) -> None:
    suites.set("tests", str(len(list(suites.iter("testcase")))))
    for kind, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suites.set(name, str(len(list(suites.iter(kind)))))


def _of_passed(passed: Passed) -> Element:
    return Element("testcase", name=_name(passed))


def _of_finding(finding: Finding, device: AuditedDevice) -> Element:
    case = Element("testcase", name=_name(finding))
    said = _text(finding.detail)
    if finding.check == "read":
        SubElement(case, "error", type=device.status, message=said)
    elif finding.check == "configuration" and device.let_be:
        SubElement(case, "skipped", message=said)
    elif finding.status == "failed" and finding.severity == "error":
        failure = SubElement(case, "failure", type=finding.check, message=said)
        if finding.check == "configuration" and device.diff:
            failure.text = _text(device.diff)
    elif finding.status in ("not_measured", "pending"):
        SubElement(case, "skipped", message=said)
    else:
        SubElement(case, "system-out").text = f"{finding.severity}: {said}"
    return case


def _name(one: Finding | Passed) -> str:
    return f"{one.part}: {one.rule or one.check}"


def _text(text: str) -> str:
    """Only what XML 1.0 can hold (its production Char): other characters are escaped."""
    return printable(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
