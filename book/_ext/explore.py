"""Figures to explore: the ordinary picture, and with it the numbers that a script draws from.

The picture of ``companion.plots.explore`` goes the way of every other, with caption, number and
alternative text. Its numbers stand beside it as JSON, where ``explore.js`` finds them.
"""

from __future__ import annotations

import json

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer, load_mime_renders
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

MIME = "application/vnd.companion.explore+json"


class ExploreRenderer:
    """What MyST-NB asks how to render an output."""

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Node] | None:
        if data.mime_type != MIME:
            return None
        text = json.dumps(data.content, ensure_ascii=False, separators=(",", ":"))
        text = text.replace("</", "<\\/")  # nothing in the data may end the script
        html = f'<script type="application/json" class="explore-data">{text}</script>'
        return [nodes.raw("", html, format="html")]


class KeepNumbers(SphinxTransform):
    """Take the numbers out of the alternatives, of which MyST-NB shows only one: the picture."""

    default_priority = 400

    def apply(self, **options: object) -> None:
        for numbers in list(self.document.findall(_is_ours)):
            alternatives = numbers.parent
            figure = alternatives.parent
            alternatives.remove(numbers)
            figure.insert(figure.index(alternatives) + 1, numbers.children)


def _is_ours(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and node.get("mime_type") == MIME


def setup(app: Sphinx) -> None:
    # MyST-NB finds renderers among installed packages, and this one is not installed.
    if ExploreRenderer not in load_mime_renders():
        load_mime_renders().append(ExploreRenderer)
    app.add_transform(KeepNumbers)
