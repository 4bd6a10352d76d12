"""What a NETCONF session may ask of a Junos device, and what it answers. What nobody wrote here fails loudly."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

from netmgr.lab.emulated.junos import facts, network
from netmgr.lab.emulated.junos.cli import answer_command
from netmgr.lab.emulated.junos.configuration import Configuration, Problem
from netmgr.lab.emulated.junos.engine import DEFAULT_MINUTES, Denied, JunosEngine, Session
from netmgr.lab.emulated.junos.reply import child, element, error, local, text_of

Body = list[ET.Element]


def answer(engine: JunosEngine, session: Session, request: ET.Element) -> Body:
    """What one operation answers. ``request`` is the element inside ``rpc``."""
    name = local(request.tag)
    try:
        if name in _OPERATIONS:
            return _OPERATIONS[name](engine, session, request)
        if name in _SHOWN:
            return [_SHOWN[name](engine, request)]
    except Denied as denied:
        return [_denied(denied)]
    engine.device.note("unknown", command=name)
    return [error(f"syntax error, expecting <command>: {name}", word=name)]


def spoken(request: ET.Element) -> str:
    """One line that says what is asked: for the transcript and for faults that wait for it."""
    name = local(request.tag)
    if name == "command":
        return (request.text or "").strip()
    attributes = [f"{key}={value}" for key, value in request.attrib.items()]
    children = [local(each.tag) for each in request]
    return " ".join((name, *attributes, *children))


def _denied(denied: Denied) -> ET.Element:
    return error(denied.message, tag=denied.tag, severity=denied.severity, path=denied.path)


# -- locks and candidate ----------------------------------------------------------------------------------------


def _lock(engine: JunosEngine, session: Session, _request: ET.Element) -> Body:
    engine.lock(session)
    return [element("ok")]


def _unlock(engine: JunosEngine, session: Session, _request: ET.Element) -> Body:
    engine.unlock(session)
    return [element("ok")]


def _nothing(_engine: JunosEngine, _session: Session, _request: ET.Element) -> Body:
    return [element("ok")]


def _discard(engine: JunosEngine, session: Session, _request: ET.Element) -> Body:
    engine.rollback(session, 0)
    return [element("ok")]


def _load(engine: JunosEngine, session: Session, request: ET.Element) -> Body:
    number = request.get("rollback")
    if number is not None:
        engine.rollback(session, int(number))
        return [element("load-configuration-results", None, element("ok"))]
    candidate = engine.edit(session)
    return _loaded(_laid(candidate, request))


def _laid(candidate: Configuration, request: ET.Element) -> list[Problem]:
    action, form = request.get("action", "merge"), request.get("format", "xml")
    if (lines := text_of(request, "configuration-set")) is not None:
        return candidate.load_set(lines)
    if (text := text_of(request, "configuration-text")) is not None:
        return candidate.load_text(text, action)
    tree = child(request, "configuration")
    if tree is not None and form == "xml":
        return candidate.load_xml(tree, action)
    raise Denied(f"unsupported format {form}", "operation-not-supported")


def _loaded(problems: list[Problem]) -> Body:
    """Each problem with its line; what is only a warning does not count as an error."""
    results = element("load-configuration-results")
    for problem in problems:
        severity = "warning" if problem.warning else "error"
        results.append(error(problem.message, severity=severity, path=problem.path, word=problem.word))
    if errors := sum(not problem.warning for problem in problems):
        results.append(element("load-error-count", errors))
    else:
        results.append(element("ok"))
    return [results]


def _commit(engine: JunosEngine, session: Session, request: ET.Element) -> Body:
    if child(request, "check") is not None:
        engine.check(session)
        return [_results("commit-check-success"), element("ok")]
    minutes: int | None = None
    if child(request, "confirmed") is not None:
        minutes = int(text_of(request, "confirm-timeout") or DEFAULT_MINUTES)
    try:
        engine.commit(session, minutes=minutes, log=text_of(request, "log") or "")
    except Denied as denied:
        if denied.tag == "lock-denied":
            raise
        return [
            element("commit-results", None, _denied(denied), error("configuration check-out failed")),
        ]
    return [_results("commit-success"), element("ok")]


def _results(word: str) -> ET.Element:
    engine = element("routing-engine", None, element("name", "re0"), element(word), style="normal")
    return element("commit-results", None, engine)


# -- configuration that is read ---------------------------------------------------------------------------------


def _get_configuration(engine: JunosEngine, _session: Session, request: ET.Element) -> Body:
    if request.get("compare") == "rollback":
        number = int(request.get("rollback", "0"))
        if number >= len(engine.history):
            raise Denied(f"file /config/juniper.conf.{number}: No such file or directory")
        older = engine.history[number].configuration
        output = element("configuration-output", "\n" + older.compare(engine.candidate))
        return [element("configuration-information", None, output)]
    committed = request.get("database") == "committed"
    configuration = engine.running if committed else engine.candidate
    match request.get("format", "xml"):
        case "text":
            return [
                element("configuration-text", f"\n{_heading(engine, committed)}{configuration.in_braces()}")
            ]
        case "set":
            return [element("configuration-set", f"\n{configuration.text()}")]
        case "xml":
            asked = child(request, "configuration")
            whole = configuration.as_xml()
            return [whole if asked is None else _filtered(whole, asked)]
        case other:
            raise Denied(f"unsupported format {other}", "operation-not-supported")


def _heading(engine: JunosEngine, committed: bool) -> str:
    last = engine.history[0]
    if committed:
        return f"## Last commit: {facts.written(last.seconds)} by {last.user}\n"
    return f"## Last changed: {facts.written(engine.now)}\n"


def _filtered(whole: ET.Element, asked: ET.Element) -> ET.Element:
    """The subtrees that a filter names; an entry's name in it selects (NETCONF guide, "Specify the Scope")."""
    wanted = list(asked)
    if not wanted:
        return whole
    found = ET.Element(whole.tag, whole.attrib)
    found.text = whole.text
    for each in whole:
        for filtered in wanted:
            if local(filtered.tag) == each.tag and _selected(each, filtered):
                found.append(_filtered(each, _without_name(filtered)))
    if (name := whole.find("name")) is not None and found.find("name") is None:
        found.insert(0, name)
    return found


def _selected(entry: ET.Element, asked: ET.Element) -> bool:
    name = text_of(asked, "name")
    return not name or entry.findtext("name") == name


def _without_name(asked: ET.Element) -> ET.Element:
    rest = ET.Element(asked.tag)
    rest.extend(each for each in asked if local(each.tag) != "name")
    return rest


# -- the rest ---------------------------------------------------------------------------------------------------


def _command(engine: JunosEngine, _session: Session, request: ET.Element) -> Body:
    line = " ".join((request.text or "").split())
    form = request.get("format", "xml")
    if form == "xml":
        name = next((rpc for words, rpc in facts.COMMANDS.items() if line.startswith(words)), None)
        if name in _SHOWN:
            return [_SHOWN[name](engine, facts.as_request(name, line))]
    if form in ("text", "xml"):
        try:
            text = answer_command(engine, line)
        except LookupError:
            pass
        else:
            if line.startswith("show configuration"):
                return [element("configuration-information", None, element("configuration-output", text))]
            return [element("output", text)]
    engine.device.note("unknown", command=line)
    return [error(f"syntax error: {line}", word=line)]


_OPERATIONS: dict[str, Callable[[JunosEngine, Session, ET.Element], Body]] = {
    "lock": _lock,
    "lock-configuration": _lock,
    "unlock": _unlock,
    "unlock-configuration": _unlock,
    "open-configuration": _nothing,
    "close-configuration": _nothing,
    "discard-changes": _discard,
    "load-configuration": _load,
    "commit-configuration": _commit,
    "get-configuration": _get_configuration,
    "command": _command,
}
_SHOWN: dict[str, Callable[[JunosEngine, ET.Element], ET.Element]] = {**facts.ANSWERS, **network.ANSWERS}
