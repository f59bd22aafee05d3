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

_ARROW = '<summary aria-label="Pages below this one">'


def _correct(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    body = context.get("body")
    for wrong, right in CORRECTIONS.items():
        if body:
            body = body.replace(wrong, right)
    if body:
        context["body"] = body


def _name_the_arrows(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object
) -> None:
    """The arrows that unfold pages in the sidebar have an icon only: give them words."""
    made = context.get("generate_toctree_html")
    if not made:
        return

    def named(*arguments: object, **options: object) -> object:
        return str(made(*arguments, **options)).replace("<summary>", _ARROW)

    context["generate_toctree_html"] = named


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", _correct)
    # After the theme has put its function there (500 and more).
    app.connect("html-page-context", _name_the_arrows, priority=900)
