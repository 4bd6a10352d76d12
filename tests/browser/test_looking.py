"""What the examiner of pages must find, each planted in a page that has nothing else wrong with it."""

import pytest

from tests.browser.looking import faults

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{head}<title>Page</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Page</h1>{body}</main></body></html>"""
PLANTED = {
    "nothing": ("", "<p>Words.</p>", []),
    "too wide": ("", '<div style="width:500px">x</div>', ["overflows: the page is", "overflows: div."]),
    "scrolled": ("", '<div style="overflow-x:auto" tabindex="0"><div style="width:500px">x</div></div>', []),
    "no alternative": ("", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">', ["axe image-alt"]),
    "pale": ("", '<p style="color:#ccc;background:#fff">Pale words.</p>', ["axe color-contrast"]),
    "a script": ("<script>document.title</script>", "", ["has a script"]),
    "a stranger": (
        "",
        '<img alt="" src="https://example.invalid/x.png">',
        ["asks for https://example.invalid/x.png", "console: Failed to load resource"],
    ),
}


@pytest.mark.pages
@pytest.mark.parametrize("planted", PLANTED)
def test_it_finds_what_is_planted_and_no_more(browser, tmp_path, planted):
    head, body, expected = PLANTED[planted]
    page = tmp_path / "page.html"
    page.write_text(PAGE.format(head=head, body=body), "utf-8")
    found = list(faults(browser, page, "phone"))
    beginnings = [one[: len(start)] for one, start in zip(found, expected, strict=False)]
    assert (beginnings, len(found)) == (expected, len(expected))
