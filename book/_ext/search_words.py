"""Which page a search opens first: that which the glossary's entry of the word names.

The search page gets a list of terms and pages; ``scorer.js`` puts the page of the term that was
asked for above the others.
"""

from __future__ import annotations

import json
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from book.pipeline.writing import write_whole

GLOSSARY = "book/reference/glossary"
FILE = "search_words.js"


def plain(word: str) -> str:
    """A term without case, blanks, hyphens and the s of a plural; as ``plain`` of scorer.js."""
    letters = "".join(sign for sign in word.lower() if sign.isalnum())
    return letters.removesuffix("s") if len(letters) > 3 else letters


def words(env: BuildEnvironment) -> dict[str, str]:
    """For each term the page that its entry names, or the glossary where it names none."""
    if GLOSSARY not in env.found_docs:
        return {}
    found = {}
    doctree = env.get_and_resolve_doctree(GLOSSARY, env.app.builder)
    for entry in doctree.findall(nodes.definition_list_item):
        terms = [term.astext() for term in entry.findall(nodes.term)]
        pages = [link["refuri"].partition("#")[0] for link in entry.findall(_is_page)]
        page = _docname(pages[-1]) if pages else GLOSSARY
        for term in terms:
            names = [term, *filter(None, (part.strip(" )") for part in term.split("(")))]
            for name in names:
                found[plain(name)] = page
    return found


def _is_page(node: nodes.Node) -> bool:
    """Whether a node is a link to another page: not to a term of the glossary itself."""
    address = node.get("refuri", "") if isinstance(node, nodes.reference) else ""
    return bool(address) and not address.startswith("#") and ".html" in address


def _docname(address: str) -> str:
    """The page behind an address that is relative to the glossary."""
    parts = Path(GLOSSARY).parent.parts + Path(address.removesuffix(".html")).parts
    kept: list[str] = []
    for part in parts:
        if part == "..":
            kept.pop()
        else:
            kept.append(part)
    return "/".join(kept)


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        table = json.dumps(words(app.env), ensure_ascii=False, sort_keys=True)
        write_whole(Path(app.outdir) / "_static" / FILE, f"window.searchWords = {table};\n")


def _load(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    if pagename == "search":
        app.add_js_file(FILE)


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", _load)
    app.connect("build-finished", _write)
