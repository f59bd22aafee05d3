"""Plain HTML elements and tables for the other extensions to build pages from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes
from sphinx.application import Sphinx


class box(nodes.General, nodes.Element):
    """A ``div`` (or the element named in ``tag``) with classes, ids and attributes."""


def div(*children: nodes.Node, classes: str = "", tag: str = "div", **attributes: str) -> box:
    """A box around ``children``; underscores in attribute names stand for hyphens."""
    node = box("", *children, tag=tag, classes=classes.split())
    node["attributes"] = {name.replace("_", "-"): value for name, value in attributes.items()}
    return node


def span(text: str, classes: str) -> nodes.inline:
    return nodes.inline(text, text, classes=classes.split())


def paragraph(*children: nodes.Node, classes: str = "") -> nodes.paragraph:
    return nodes.paragraph("", "", *children, classes=classes.split())


def joined(groups: Iterable[Sequence[nodes.Node]], between: str = ", ") -> list[nodes.Node]:
    """Inline nodes one after the other with text between them."""
    result: list[nodes.Node] = []
    for group in groups:
        if result:
            result.append(nodes.Text(between))
        result.extend(group)
    return result


def definitions(
    entries: Iterable[tuple[str, Sequence[nodes.Node]]], classes: str
) -> nodes.definition_list:
    """A list of terms with what they stand for; entries without content are left out."""
    result = nodes.definition_list(classes=classes.split())
    for term, content in entries:
        if content:
            result += nodes.definition_list_item(
                "",
                nodes.term("", "", nodes.Text(term)),
                nodes.definition("", paragraph(*content)),
            )
    return result


def table(
    headings: Sequence[str],
    rows: Iterable[Sequence[Sequence[nodes.Node]]],
    classes: str = "",
    row_ids: Sequence[str] = (),
) -> nodes.table:
    """A table whose cells hold inline nodes, and below them definition lists."""
    group = nodes.tgroup(cols=len(headings))
    group += [nodes.colspec(colwidth=1) for _ in headings]
    head = nodes.thead("", _row([[nodes.Text(text)] for text in headings]))
    body = nodes.tbody()
    for number, cells in enumerate(rows):
        line = _row(cells)
        if row_ids:
            line["ids"] = [row_ids[number]]
        body += line
    group += [head, body]
    # "colwidths-auto" leaves the widths to the browser, as for tables written in Markdown.
    return nodes.table("", group, classes=["colwidths-auto", *classes.split()])


def _row(cells: Sequence[Sequence[nodes.Node]]) -> nodes.row:
    return nodes.row("", *map(_entry, cells))


def _entry(cell: Sequence[nodes.Node]) -> nodes.entry:
    lists = [node for node in cell if isinstance(node, nodes.definition_list)]
    return nodes.entry("", paragraph(*(node for node in cell if node not in lists)), *lists)


def _visit(translator: object, node: box) -> None:
    translator.body.append(translator.starttag(node, node["tag"], **node["attributes"]))


def _depart(translator: object, node: box) -> None:
    translator.body.append(f"</{node['tag']}>\n")


def _nothing(translator: object, node: box) -> None:
    """Other formats show what is in the box."""


def setup(app: Sphinx) -> None:
    others = dict.fromkeys(("latex", "text", "man", "texinfo"), (_nothing, _nothing))
    app.add_node(box, html=(_visit, _depart), **others)
