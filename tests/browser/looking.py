"""What a browser finds wrong with a page: where it overflows, what axe-core says, what it asked the world for."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from playwright.sync_api import Browser

WIDTHS = {"desktop": (1280, 800), "phone": (390, 844)}
"""Viewports in CSS pixels."""

_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")

#: The elements that are wider than the window, but for those inside something that scrolls by itself.
_OVERFLOWING = """() => {
    const limit = document.documentElement.clientWidth;
    const scrolls = element => {
        for (let at = element.parentElement; at && at !== document.body; at = at.parentElement)
            if (["auto", "scroll"].includes(getComputedStyle(at).overflowX)) return true;
        return false;
    };
    const wide = [...document.body.querySelectorAll("*")].filter(
        element => element.getBoundingClientRect().right > limit + 0.5 && !scrolls(element)
    );
    const said = wide.map(element => `${element.localName}.${element.className.baseVal ?? element.className}`);
    const page = document.documentElement.scrollWidth;
    return page > limit ? [`the page is ${page} px wide of ${limit}`, ...said] : said;
}"""


def faults(browser: Browser, page: Path, width: str) -> Iterator[str]:
    """Everything that is wrong with the page at this width, a line each; nothing for one that is right."""
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    context = browser.new_context(viewport=size, offline=True, device_scale_factor=1)
    try:
        tab = context.new_page()
        asked, said = [], []
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: said.append(message.text))
        tab.goto(page.as_uri())
        before = tab.content()
        yield from (f"overflows: {each}" for each in tab.evaluate(_OVERFLOWING))
        yield from (f"asks for {url}" for url in asked if url != page.as_uri())
        yield from (f"console: {each}" for each in said)
        if tab.locator("script").count():
            yield "has a script"
        # A policy that the page may carry forbids scripts; the examiner's is not the page's.
        tab.evaluate(_AXE)
        found = tab.evaluate("async () => await axe.run(document, {resultTypes: ['violations']})")
        for violation in found["violations"]:
            for node in violation["nodes"]:
                yield f"axe {violation['id']}: {node['html'][:160]} {node['failureSummary']}"
        if not found["passes"]:
            yield "axe looked at nothing"
        if not before.startswith("<!DOCTYPE html>"):
            yield "is no HTML document"
    finally:
        context.close()
