"""Small corrections of the markup that Sphinx and its extensions write.

Each is something a screen reader stumbles over; the browser tests hold that none is left.
"""

from __future__ import annotations

from sphinx.application import Sphinx

# What is written → what should have been.
CORRECTIONS = {
    # A list without list items: docutils marks the entries as bibliography entries instead.
    '<div role="list" class="citation-list">': '<div class="citation-list">',
}


def _correct(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    body = context.get("body")
    for wrong, right in CORRECTIONS.items():
        if body:
            body = body.replace(wrong, right)
    if body:
        context["body"] = body


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", _correct)
