"""Tabs around code cells: flat markers, because MyST-NB runs only cells that are not nested.

    ```{tabs-start}
    ```
    ```{tab} NumPy
    ```
    cells and prose
    ```{tab} PyTorch
    ```
    cells and prose
    ```{tabs-end}
    ```

Tabs of the same name move together over the whole page.
"""

from __future__ import annotations

from collections.abc import Callable

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx_design.shared import create_component

LOGGER = logging.getLogger(__name__)


class tab_marker(nodes.General, nodes.Element):
    """Where a set of tabs starts or ends, or one tab starts: ``kind`` and ``label``."""


class _Marker(SphinxDirective):
    kind = ""

    def run(self) -> list[nodes.Node]:
        label = self.arguments[0] if self.arguments else ""
        marker = tab_marker(kind=self.kind, label=label)
        self.set_source_info(marker)
        return [marker]


class TabsStart(_Marker):
    kind = "start"


class Tab(_Marker):
    kind = "tab"
    required_arguments = 1
    final_argument_whitespace = True


class TabsEnd(_Marker):
    kind = "end"


class GatherTabs(SphinxTransform):
    """Replace markers and what stands between them by the tabs of sphinx-design."""

    default_priority = 5  # before exercises are gathered (10), so that they can hold tabs

    def apply(self, **options: object) -> None:
        for start in list(self.document.findall(_is_marker("start"))):
            self._gather(start)
        for marker in list(self.document.findall(tab_marker)):
            _warn(f"{{{_name(marker)}}} without {{tabs-start}} before it", marker)
            marker.parent.remove(marker)

    def _gather(self, start: tab_marker) -> None:
        parent = start.parent
        first = parent.index(start)
        after = parent.children[first + 1 :]
        edges = (i for i, node in enumerate(after) if _is_marker("start", "end")(node))
        length = next(edges, None)
        if length is None or after[length]["kind"] == "start":
            _warn("{tabs-start} without {tabs-end} in the same section", start)
            parent.remove(start)
            return
        tabs = _split(after[:length], start)
        parent.children[first : first + length + 2] = []
        parent.insert(first, create_component("tab-set", classes=["sd-tab-set"], children=tabs))


def _split(content: list[nodes.Node], start: tab_marker) -> list[nodes.Element]:
    """The nodes between start and end as tab items, one for each ``tab`` marker."""
    tabs: list[nodes.Element] = []
    for node in content:
        if _is_marker("tab")(node):
            tabs.append(_empty_tab(node))
        elif tabs:
            tabs[-1][1].append(node)
        else:
            _warn("text between {tabs-start} and the first {tab} belongs to no tab", start)
    return tabs


def _empty_tab(marker: tab_marker) -> nodes.Element:
    text = marker["label"]
    label = nodes.rubric(text, nodes.Text(text), classes=["sd-tab-label"])
    label["sync_group"], label["sync_id"] = "tab", text
    body = create_component("tab-content", classes=["sd-tab-content"])
    item = create_component("tab-item", classes=["sd-tab-item"], children=[label, body])
    item.source, item.line = marker.source, marker.line
    return item


def _is_marker(*kinds: str) -> Callable[[nodes.Node], bool]:
    return lambda node: isinstance(node, tab_marker) and node["kind"] in kinds


def _name(marker: tab_marker) -> str:
    return {"start": "tabs-start", "tab": "tab", "end": "tabs-end"}[marker["kind"]]


def _warn(text: str, node: nodes.Node) -> None:
    LOGGER.warning(text, location=node)


def setup(app: Sphinx) -> None:
    app.add_node(tab_marker)
    app.add_directive("tabs-start", TabsStart)
    app.add_directive("tab", Tab)
    app.add_directive("tabs-end", TabsEnd)
    app.add_transform(GatherTabs)
