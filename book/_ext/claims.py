"""Claim boxes: a statement of the notes, the experiment that tries it, and its verdict.

The verdict and its evidence come from the run: a cell of the chapter calls
``companion.results.verdict``, which leaves them in the executed notebook.
"""

from __future__ import annotations

import json

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from book.pipeline.notebooks import read_notebook

from .boxes import div, paragraph, span
from .executed import notebook_of

LOGGER = logging.getLogger(__name__)
MIME = "application/vnd.companion.claim+json"
MARKS = {"holds": "✓", "holds when": "◐", "fails": "✗"}


class Claim(SphinxDirective):
    """A box for one claim; the argument is its id, the body says what the experiment does."""

    required_arguments = 1
    has_content = True
    option_spec = {
        "title": directives.unchanged_required,
        "reach": directives.unchanged_required,  # model, data and budget that it was tried on
    }

    def run(self) -> list[nodes.Node]:
        identifier = self.arguments[0]
        verdict = verdicts(self.env).get(identifier)
        missing = next((name for name in ("title", "reach") if name not in self.options), None)
        if verdict is None and not missing:
            missing = "verdict: no cell calls results.verdict for it"
        if missing:
            LOGGER.warning("claim %s has no %s", identifier, missing, location=self.get_location())
            return []
        anchor = f"claim-{identifier.lower()}"
        title, _ = self.state.inline_text(self.options["title"], self.lineno)
        evidence, _ = self.state.inline_text(verdict["evidence"], self.lineno)
        reach, _ = self.state.inline_text(self.options["reach"], self.lineno)
        self._note(identifier, anchor, title, evidence, verdict, reach)

        body = div(classes="claim-experiment")
        self.state.nested_parse(self.content, self.content_offset, body)
        body.insert(0, paragraph(span("Experiment", "claim-step")))
        box = div(
            paragraph(
                span(f"Claim {identifier}", "claim-step"),
                nodes.Text(" "),
                *title,
                classes="claim-title",
            ),
            body,
            paragraph(
                span("Verdict", "claim-step"),
                nodes.Text(" "),
                *verdict_words(verdict),
                nodes.Text(": "),
                *evidence,
                classes="claim-verdict",
            ),
            paragraph(span("Tried on", "claim-step"), nodes.Text(" "), *reach),
            classes=f"claim claim-{verdict['verdict'].replace(' ', '-')}",
            role="group",
            aria_label=f"Claim {identifier}: {verdict['verdict']}",
        )
        box["ids"] = [anchor]
        self.set_source_info(box)
        return [box]

    def _note(self, identifier, anchor, title, evidence, verdict, reach) -> None:
        """Remember the claim for the ledger, and as a target of links."""
        for page, others in _claims(self.env).items():
            if identifier in others:
                LOGGER.warning(
                    "claim %s stands in %s already",
                    identifier,
                    page,
                    location=self.get_location(),
                )
        _claims(self.env).setdefault(self.env.docname, {})[identifier] = {
            "anchor": anchor,
            "title": title,
            "evidence": evidence,
            "verdict": verdict,
            "reach": reach,
        }
        domain = self.env.get_domain("std")
        domain.anonlabels[anchor] = (self.env.docname, anchor)
        domain.labels[anchor] = (self.env.docname, anchor, f"Claim {identifier}")


def verdict_words(verdict: dict) -> list[nodes.Node]:
    """A verdict told by mark and word as well as by colour."""
    word = verdict["verdict"]
    text = f"{MARKS[word]} {word}"
    condition = f" {verdict['when']}" if word == "holds when" and verdict.get("when") else ""
    return [span(text, f"verdict verdict-{word.replace(' ', '-')}"), nodes.Text(condition)]


def verdicts(env: BuildEnvironment) -> dict[str, dict]:
    """The verdicts that the chapter being read computed, by id."""
    notebook = read_notebook(notebook_of(env.app, env.docname))
    found = {}
    for cell in notebook.cells if notebook else []:
        for output in cell.get("outputs", []):
            data = output.get("data", {}).get(MIME)
            if data:
                verdict = json.loads(data) if isinstance(data, str) else data
                found[verdict["id"]] = verdict
    return found


def _claims(env: BuildEnvironment) -> dict[str, dict[str, dict]]:
    return env.__dict__.setdefault("claims", {})


def _miss_no_box(app: Sphinx, doctree: nodes.document) -> None:
    boxes = _claims(app.env).get(app.env.docname, {})
    for identifier in verdicts(app.env):
        if identifier not in boxes:
            LOGGER.warning(
                "a cell computes a verdict for claim %s, but no {claim} box shows it",
                identifier,
                location=app.env.docname,
            )


def _forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _claims(env).pop(docname, None)


def setup(app: Sphinx) -> None:
    app.add_directive("claim", Claim)
    app.connect("doctree-read", _miss_no_box)
    app.connect("env-purge-doc", _forget)
