"""Links that become plain text while their target is not part of the book yet.

A strict build fails on a reference to nothing. The chapter card and the syllabus point to
API pages, sections and exercises that may still be planned, so they use these links.
"""

from __future__ import annotations

from collections.abc import Callable

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

Place = tuple[str, str]  # page and anchor; "" is the page's top


class soft_link(nodes.inline):
    """Text with ``kind`` and ``target``; a link once the target is known."""


def soft(kind: str, target: str, *content: nodes.Node) -> soft_link:
    """A soft link; its text is the target when no content is given."""
    return soft_link(
        "", "", *(content or (nodes.literal(target, target),)), kind=kind, target=target
    )


def _api(env: BuildEnvironment, name: str) -> Place | None:
    domain = env.get_domain("py")
    for table in (domain.modules, domain.objects):
        if name in table:
            return table[name].docname, table[name].node_id
    return None


def _page(env: BuildEnvironment, name: str) -> Place | None:
    return (name, "") if name in env.found_docs else None


def _section(env: BuildEnvironment, target: str) -> Place | None:
    """A label of the chapter, or the heading's slug: ``book/part/chapter#slug``."""
    page, _, name = target.partition("#")
    labelled = env.get_domain("std").anonlabels.get(name.lower())
    if labelled and labelled[0] == page:
        return labelled
    slugs = env.metadata.get(page, {}).get("myst_slugs", {})
    return (page, slugs[name][1]) if name in slugs else None


def _exercise(env: BuildEnvironment, label: str) -> Place | None:
    entry = getattr(env, "sphinx_exercise_registry", {}).get(label)
    return (entry["docname"], label) if entry else None


def _syllabus(env: BuildEnvironment, topic: str) -> Place | None:
    page = getattr(env, "syllabus_topics", {}).get(topic)
    return (page, f"syllabus-{topic.lower()}") if page else None


def _claim(env: BuildEnvironment, identifier: str) -> Place | None:
    for page, claims in getattr(env, "claims", {}).items():
        if identifier in claims:
            return page, claims[identifier]["anchor"]
    return None


_FINDERS: dict[str, Callable[[BuildEnvironment, str], Place | None]] = {
    "api": _api,
    "page": _page,
    "section": _section,
    "exercise": _exercise,
    "syllabus": _syllabus,
    "claim": _claim,
}


def find(env: BuildEnvironment, kind: str, target: str) -> Place | None:
    """Where a target lies in the book, or None while it does not exist."""
    return _FINDERS[kind](env, target)


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn the soft links of a page into links, or into their text."""
    for node in list(doctree.findall(soft_link)):
        place = find(app.env, node["kind"], node["target"])
        if place is None:
            node.replace_self(node.children)
        else:
            page, anchor = place
            link = make_refnode(app.builder, docname, page, anchor, node.children)
            node.replace_self(link)


def _note_pages(app: Sphinx, doctree: nodes.document) -> None:
    pages = app.env.__dict__.setdefault("soft_pages", set())
    pages.discard(app.env.docname)
    if next(doctree.findall(soft_link), None) is not None:
        pages.add(app.env.docname)


def _note_read(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    app.env.__dict__["read_now"] = list(docnames)


def _to_write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Pages whose links may have changed because of pages read in this build."""
    read = env.__dict__.pop("read_now", [])
    if not read:
        return []
    chapters_too = any("kernelspec" not in env.metadata[name] for name in read)
    pages = getattr(env, "soft_pages", set()) & env.found_docs
    return [page for page in pages if chapters_too or "kernelspec" not in env.metadata[page]]


def setup(app: Sphinx) -> None:
    app.add_node(soft_link)
    app.connect("env-before-read-docs", _note_read)
    app.connect("doctree-read", _note_pages)
    app.connect("env-updated", _to_write_again)
    app.connect("doctree-resolved", resolve)
