"""What this course covers: topic → section → API → test → exercise, from syllabus.yml."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from .boxes import definitions, joined, paragraph, span, table
from .links import soft
from .repository import source_address

SOURCE = "book/syllabus.yml"
HEADINGS = ("Id", "Topic", "State")


class SyllabusTable(SphinxDirective):
    """One table a part; ``:part:`` shows one part only."""

    option_spec = {"part": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(SOURCE)
        path = Path(self.env.srcdir) / SOURCE
        topics = yaml.safe_load(path.read_text(encoding="utf-8"))
        wanted = self.options.get("part")
        result: list[nodes.Node] = []
        for part, group in groupby(topics, key=_part):
            if wanted in (None, part):
                result += self._part(part, list(group), with_title=wanted is None)
        return result

    def _part(self, part: str, topics: list[dict], with_title: bool) -> list[nodes.Node]:
        known = self.env.__dict__.setdefault("syllabus_topics", {})
        known.update({topic["id"]: self.env.docname for topic in topics})
        done = sum(topic["state"] == "done" for topic in topics)
        text = f"{done} of {len(topics)} topics done."
        title = [nodes.rubric("", part.capitalize())] if with_title else []
        rows = [self._row(topic) for topic in topics]
        ids = [f"syllabus-{topic['id'].lower()}" for topic in topics]
        return [
            *title,
            paragraph(nodes.Text(text)),
            table(HEADINGS, rows, classes="syllabus", row_ids=ids),
        ]

    def _row(self, topic: dict) -> list[list[nodes.Node]]:
        state = topic["state"]
        chinese = [nodes.Text(" "), _chinese(topic["zh"])] if topic.get("zh") else []
        asked = [
            [soft("exercise", f"ex-{name}", nodes.Text(name))]
            for name in topic.get("exercises") or []
        ]
        asked += [[soft("claim", name, nodes.Text(name))] for name in topic.get("claims") or []]
        built = (
            [soft("api", name, nodes.literal(name, name.split(".")[-1]))]
            for name in topic.get("symbols") or []
        )
        proved = ([self._test(name)] for name in topic.get("tests") or [])
        where = [
            ("Told", joined([[_section(topic)], *([page] for page in _further(topic))])),
            ("Built", joined(built)),
            ("Proved", joined(proved)),
            ("Asked", joined(asked)),
        ]
        return [
            [nodes.Text(topic["id"])],
            [nodes.Text(topic["topic"]), *chinese, definitions(where, "where")],
            [span(state, f"state state-{state}")],
        ]

    def _test(self, name: str) -> nodes.Node:
        """A test's name, linked to its file when the repository's address is known."""
        path, _, function = name.partition("::")
        text = nodes.literal(name, function or path.split("/")[-1])
        options = self.config.html_theme_options
        repository = options.get("repository_url")
        if not repository:
            return text
        branch = options.get("repository_branch", "main")
        address = source_address(repository, branch, path)
        return nodes.reference("", "", text, refuri=address)


def _part(topic: dict) -> str:
    return topic.get("part") or topic["chapter"].rpartition("/")[0]


def _page(topic: dict) -> str:
    chapter = topic["chapter"]
    return f"book/{chapter}" if "/" in chapter else f"book/{_part(topic)}/{chapter}"


def _section(topic: dict) -> nodes.Node:
    page, section = _page(topic), topic.get("section")
    if section:
        return soft("section", f"{page}#{section}", nodes.Text(topic["chapter"]))
    return soft("page", page, nodes.Text(topic["chapter"]))


def _further(topic: dict) -> list[nodes.Node]:
    """The other pages of a topic."""
    names = topic.get("also", [])
    return [soft("page", f"book/{_part(topic)}/{name}", nodes.Text(name)) for name in names]


def _chinese(text: str) -> nodes.inline:
    node = span(text, "chinese")
    node["language"] = "zh"
    return node


def _forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    known = env.__dict__.get("syllabus_topics", {})
    for topic in [topic for topic, page in known.items() if page == docname]:
        del known[topic]


def setup(app: Sphinx) -> None:
    app.add_directive("syllabus-table", SyllabusTable)
    app.connect("env-purge-doc", _forget)
