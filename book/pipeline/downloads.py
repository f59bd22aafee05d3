"""A chapter as a notebook to take along: executed, and readable without Sphinx."""

from __future__ import annotations

import copy
import re

import nbformat
from nbformat import NotebookNode

from .solutions import cells_without_solutions

_INSTALL = """\
# The course's package, when it is missing (on Colab, for example).
import importlib.util

if importlib.util.find_spec("companion") is None:
    %pip install -q "deep-learning-companion[data] @ git+{repository}"
"""
_FENCE = re.compile(r"^(?P<fence>`{3,}|:{3,})\{(?P<name>[\w:-]+)\}[ ]*(?P<argument>.*)$")
_OPTION = re.compile(r"^:(?P<name>[\w-]+):[ ]*(?P<value>.*)$")
_LABEL = re.compile(r"^\([\w:-]+\)=\s*$")
_ROLE = re.compile(r"\{(?P<role>[\w:-]+)\}`(?P<text>[^`]*)`")
_DROPPED = {"chapter-card", "tabs-start", "tabs-end", "exercise-end"}
_ADMONITIONS = {"note", "tip", "warning", "important", "admonition", "hint", "seealso", "margin"}


def as_download(notebook: NotebookNode, repository: str = "") -> NotebookNode:
    """The executed notebook with its Sphinx markup told in plain Markdown, without solutions.

    When the repository's address is known, a first cell installs the course's package
    where it is missing.
    """
    result = copy.deepcopy(notebook)
    result.metadata.pop("source_map", None)
    result.metadata.pop("course", None)
    result.cells = list(cells_without_solutions(result.cells))
    glued = _glued(result)
    for cell in result.cells:
        if cell.cell_type == "markdown":
            cell.source = plain(cell.source, glued)
    result.cells = [c for c in result.cells if c.cell_type != "markdown" or c.source.strip()]
    if repository:
        install = nbformat.v4.new_code_cell(_INSTALL.format(repository=repository.rstrip("/")))
        install.id = "install"
        result.cells.insert(0, install)
    return result


def plain(text: str, glued: dict[str, str]) -> str:
    """MyST directives and roles as Markdown that any notebook shows."""
    lines: list[str] = []
    source = iter(text.splitlines())
    for line in source:
        opening = _FENCE.match(line)
        if opening:
            lines += _directive(opening, _body(source, opening["fence"]), glued)
        elif not _LABEL.match(line):
            lines.append(_ROLE.sub(lambda match: _role(match, glued), line))
    joined = "\n".join(lines)
    joined = re.sub(r"\[\]\(#?([\w./-]+)\)", r"*\1*", joined)
    return re.sub(r"\n{3,}", "\n\n", joined).strip()


def _body(source, fence: str) -> list[str]:
    """The lines up to the fence that closes a directive."""
    body = []
    for line in source:
        if line.rstrip() == fence:
            break
        body.append(line)
    return body


def _directive(opening: re.Match, body: list[str], glued: dict[str, str]) -> list[str]:
    name, argument = opening["name"], opening["argument"]
    options, body = _options(body)
    if name in _DROPPED:
        return []
    if name == "tab":
        return [f"**{argument}**"]
    if name == "math":
        return ["$$", *body, "$$"]
    if name == "exercise-start":
        return [f"### Exercise: {argument}"]
    if name in ("figure", "image"):
        return [f"![{options.get('alt', '')}]({argument})", "", *body]
    inner = plain("\n".join(body), glued).splitlines()
    if name == "claim":
        return _quoted(f"Claim {argument}. {options.get('title', '')}", inner, glued)
    if name in _ADMONITIONS:
        return _quoted(argument or name.capitalize(), inner, glued)
    if name.startswith("prf:") or name == "dropdown":
        return _quoted(argument or name.removeprefix("prf:").capitalize(), inner, glued)
    if name == "literalinclude":
        return [f"*(from {argument})*"]
    return inner


def _options(body: list[str]) -> tuple[dict[str, str], list[str]]:
    options = {}
    while body and (match := _OPTION.match(body[0])):
        options[match["name"]] = match["value"]
        body = body[1:]
    return options, body


def _quoted(title: str, inner: list[str], glued: dict[str, str]) -> list[str]:
    heading = _ROLE.sub(lambda match: _role(match, glued), title)
    return [f"> **{heading.strip()}**", ">", *(f"> {line}".rstrip() for line in inner)]


def _role(match: re.Match, glued: dict[str, str]) -> str:
    role, text = match["role"], match["text"]
    if role == "math":
        return f"${text}$"
    if role.startswith("glue"):
        return glued.get(text.split(":")[0], text)
    if role.startswith("cite"):
        return f"[{text}]"
    if role in ("code", "py:func", "py:class", "py:mod", "py:meth", "func", "class", "mod"):
        return f"`{text.lstrip('~')}`"
    titled = re.fullmatch(r"(.*?)\s*<[^>]*>", text)
    return titled[1] if titled else text


def _glued(notebook: NotebookNode) -> dict[str, str]:
    """The numbers that cells have glued, as text."""
    found = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            name = output.get("metadata", {}).get("scrapbook", {}).get("name")
            for mime, value in output.get("data", {}).items():
                if name and mime.endswith("text/plain"):
                    found[name] = value.strip("'\"")
    return found
