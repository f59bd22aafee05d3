"""Where things lie: the pages of the book and the folders the pipeline writes."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

HOME = Path(__file__).resolve().parents[2]

SOLUTIONS = "SOLUTIONS"  # in the environment, "no" for the edition without them

# Some kernels of BLAS raise these over finite numbers, on one processor and not on the next.
FLAGS_OF_A_PRODUCT = [
    f"ignore:{flag} encountered in matmul:RuntimeWarning"
    for flag in ("invalid value", "divide by zero", "overflow")
]

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


class PipelineError(Exception):
    """Something the author can put right; its text is shown without a traceback."""


@dataclass(frozen=True)
class Page:
    """One page of the book, named as Sphinx names it (``book/gradients/perceptron``)."""

    name: str
    source: Path

    @property
    def chapter(self) -> str:
        """The short name used in exercises and references: ``gradients/perceptron``."""
        return self.name.removeprefix("book/")

    @cached_property
    def text(self) -> str:
        return self.source.read_text(encoding="utf-8")

    @cached_property
    def kind(self) -> str:
        """``core`` or ``depth``, as the chapter's card says; empty when it says neither."""
        found = re.search(r"^:kind: (\w+)$", self.text, re.MULTILINE)
        return found[1] if found else ""

    @cached_property
    def is_notebook(self) -> bool:
        """Whether the front matter declares a MyST notebook, that is, a chapter that runs."""
        match = _FRONT_MATTER.match(self.text)
        if not match:
            return False
        header = yaml.safe_load(match[1])
        form = header.get("jupytext", {}).get("text_representation", {}) if header else {}
        return form.get("format_name") == "myst"


@dataclass(frozen=True)
class Book:
    """The folders of one book; ``root`` holds ``_config.yml`` and ``_toc.yml``."""

    root: Path
    package: str = "companion"

    @property
    def build(self) -> Path:
        return self.root / "_build"

    @staticmethod
    def shows_solutions() -> bool:
        """Whether the edition being built has solutions; a class gets one without.

        Raises
        ------
        PipelineError
            When the variable ``SOLUTIONS`` says neither yes nor no.
        """
        said = os.environ.get(SOLUTIONS) or "yes"
        if said not in ("yes", "no"):
            raise PipelineError(f"SOLUTIONS={said} is not understood: say yes or no.")
        return said == "yes"

    @property
    def output(self) -> Path:
        """Where Jupyter Book builds this edition."""
        return self.build if self.shows_solutions() else self.build / "class" / "_build"

    @property
    def html(self) -> Path:
        return self.output / "html"

    def environment(self) -> dict[str, str]:
        """The environment of a program that imports this book's package before any other."""
        environment = dict(os.environ)
        paths = [str(self.root), str(HOME), environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
        asked = environment.get("PYTHONWARNINGS", "")
        environment["PYTHONWARNINGS"] = ",".join(filter(None, [asked, *FLAGS_OF_A_PRODUCT]))
        return environment

    @property
    def constraints(self) -> Path:
        return self.root / "constraints.txt"

    def to_run(self, page: Page) -> Path:
        return self.build / "execute" / f"{page.name}.ipynb"

    def executed(self, page: Page) -> Path:
        return self.build / "executed" / f"{page.name}.ipynb"

    def notebook(self, page: Page) -> Path:
        return self.build / "notebooks" / f"{page.name}.ipynb"

    def reference(self, page: Page) -> Path:
        return self.root / "tests" / "book" / "reference" / f"{page.chapter}.json"

    @cached_property
    def pages(self) -> list[Page]:
        """All pages in reading order, as ``_toc.yml`` lists them."""
        toc = yaml.safe_load((self.root / "_toc.yml").read_text(encoding="utf-8"))
        return [self._page(name) for name in _files_of(toc)]

    @cached_property
    def chapters(self) -> list[Page]:
        """The pages that run code."""
        return [page for page in self.pages if page.is_notebook]

    def chapter(self, name: str) -> Page:
        """The chapter called ``gradients/perceptron`` or by its file.

        Raises
        ------
        PipelineError
            When no chapter has that name.
        """
        wanted = name.removesuffix(".md").removeprefix("book/")
        for page in self.chapters:
            if page.chapter == wanted:
                return page
        known = ", ".join(page.chapter for page in self.chapters)
        raise PipelineError(f"There is no chapter {name!r}. Chapters: {known}.")

    def _page(self, name: str) -> Page:
        name = name.removesuffix(".md")
        source = self.root / f"{name}.md"
        if not source.exists():
            raise PipelineError(f"_toc.yml lists {name}, but {name}.md does not exist.")
        return Page(name, source)


def _files_of(node: object) -> list[str]:
    """Every ``root:`` and ``file:`` of a table of contents, top to bottom."""
    if isinstance(node, list):
        return [name for item in node for name in _files_of(item)]
    if not isinstance(node, dict):
        return []
    here = [node[key] for key in ("root", "file") if key in node]
    return here + [name for value in node.values() for name in _files_of(value)]
