"""The claims ledger: every claim of the book with its verdict, on one page."""

from __future__ import annotations

import re
from collections import Counter

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from .boxes import paragraph, table
from .claims import verdict_words

HEADINGS = ("Claim", "Statement", "Verdict", "Tried on", "Evidence", "Chapter")


class claims_ledger(nodes.General, nodes.Element):
    """Where the table goes, when all pages are known."""


class ClaimsLedger(SphinxDirective):
    """A table of all claims."""

    def run(self) -> list[nodes.Node]:
        self.env.__dict__.setdefault("ledger_pages", set()).add(self.env.docname)
        return [claims_ledger()]


def _fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for place in list(doctree.findall(claims_ledger)):
        place.replace_self(_ledger(app, docname))
        # Sphinx looked for formulas when it read the page, before the titles were there.
        has_equations = app.env.get_domain("math").data["has_equations"]
        has_equations[docname] = any(doctree.findall(nodes.math))


def _ledger(app: Sphinx, docname: str) -> list[nodes.Node]:
    found = (
        sorted(
            (_natural(identifier), identifier, page, claim)
            for page, claims in getattr(app.env, "claims", {}).items()
            for identifier, claim in claims.items()
        )
        if _unique(app.env)
        else []
    )
    if not found:
        return [paragraph(nodes.Text("No chapter states a claim yet."))]
    rows = [_row(app, docname, identifier, page, claim) for _, identifier, page, claim in found]
    counts = Counter(claim["verdict"]["verdict"] for *_, claim in found)
    words = ", ".join(f"{counts[word]} {word}" for word in ("holds", "holds when", "fails"))
    return [
        paragraph(nodes.Text(f"{len(found)} claims: {words}.")),
        table(HEADINGS, rows, classes="claims-ledger"),
    ]


def _row(app: Sphinx, docname: str, identifier: str, page: str, claim: dict) -> list:
    builder = app.builder
    title = [node.deepcopy() for node in claim["title"]]
    evidence, reach = ([node.deepcopy() for node in claim[key]] for key in ("evidence", "reach"))
    chapter = nodes.Text(app.env.titles[page].astext())
    return [
        [nodes.Text(identifier)],
        [make_refnode(builder, docname, page, claim["anchor"], title)],
        verdict_words(claim["verdict"]),
        reach,
        evidence,
        [make_refnode(builder, docname, page, "", chapter)],
    ]


def _unique(env: BuildEnvironment) -> bool:
    names = [name for claims in getattr(env, "claims", {}).values() for name in claims]
    return len(names) == len(set(names))


def _natural(identifier: str) -> tuple:
    """C2 before C10."""
    letters, digits = re.fullmatch(r"(\D*)(\d*)(?:.*)", identifier).groups()
    return letters, int(digits or 0), identifier


def _write_again(app: Sphinx, env: BuildEnvironment) -> set[str]:
    return getattr(env, "ledger_pages", set()) & env.found_docs


def _forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    env.__dict__.get("ledger_pages", set()).discard(docname)


def setup(app: Sphinx) -> None:
    app.add_node(claims_ledger)
    app.add_directive("claims-ledger", ClaimsLedger)
    app.connect("doctree-resolved", _fill)
    app.connect("env-updated", _write_again)
    app.connect("env-purge-doc", _forget)
