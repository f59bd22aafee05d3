"""A term of the glossary is linked where the course uses it first, in the order of reading."""

import re

import pytest

from book.pipeline.layout import HOME, Book
from book.pipeline.notebooks import read_chapter
from book.pipeline.reading import before_exercises, prose_of

pytestmark = pytest.mark.reads("_toc.yml", "index.md", "book/**/*.md", "book/pipeline/*.py")

BOOK = Book(HOME)
CORE = [page for page in BOOK.chapters if page.kind == "core"]
GLOSSARY = (HOME / "book" / "reference" / "glossary.md").read_text(encoding="utf-8")
LINK = re.compile(r"\{term\}`([^`<]*?)(?:\s*<([^>]*)>)?`", re.DOTALL)
HEADING = re.compile(r"^#+ .*$", re.MULTILINE)


def entries() -> list[list[str]]:
    """The terms of each entry, one with its synonyms."""
    body = GLOSSARY.split("```{glossary}\n", 1)[1].split("\n```", 1)[0]
    blocks = re.split(r"\n\n(?=\S)", body)
    return [[line for line in block.split("\n") if not line.startswith(" ")] for block in blocks]


def prose(page) -> str:
    """What a reader of the page meets before the exercises, headings left out; links are marked."""
    cells = [c for c in before_exercises(read_chapter(page).cells) if c.cell_type == "markdown"]
    text = HEADING.sub("", "\n\n".join(cell.source for cell in cells))
    text = text.replace("in depth", "")  # names a kind of page, not how many layers there are
    return prose_of(LINK.sub(lambda link: f"⟦{_target(link)}⟧", text))


def _target(link) -> str:
    return " ".join((link[2] or link[1]).split())


def longer_than(terms) -> re.Pattern:
    """What matches terms of the glossary that contain one of these as a word."""
    known = [term for entry in entries() for term in entry if term not in terms]
    words = [re.escape(term).replace(r"\ ", r"\s+") for term in terms]
    found = [term for term in known for word in words if re.search(rf"\b{word}\b", term, re.I)]
    parts = [re.escape(term).replace(r"\ ", r"\s+") for term in found] or ["(?!)"]
    return re.compile(rf"(?<![⟦\w])(?:{'|'.join(parts)})", re.IGNORECASE)


PROSE = {page.chapter: prose(page) for page in CORE}


@pytest.mark.parametrize("terms", entries(), ids=lambda terms: terms[0])
def test_a_term_is_linked_where_it_is_used_first(terms):
    words = "|".join(re.escape(term).replace(r"\ ", r"\s+") for term in terms)
    own = {term.lower() for term in terms}
    longer = longer_than(terms)
    used = re.compile(rf"(⟦)?(?<![\w-])(?:{words})s?(?![\w-])", re.IGNORECASE)
    for chapter, text in PROSE.items():
        others = re.compile(r"⟦([^⟧]*)⟧")
        text = others.sub(lambda link: link[0] if link[1].lower() in own else "", text)
        text = longer.sub("", text)
        found = used.search(text)
        if found:
            around = " ".join(text[max(0, found.start() - 40) : found.end() + 40].split())
            assert found[1], f"{chapter} uses “{terms[0]}” without a link: … {around} …"
            return


def test_there_are_terms_and_pages_and_what_is_no_term_is_not_linked():
    known = {term.lower() for terms in entries() for term in terms}
    linked = {_target(m).lower() for page in BOOK.chapters for m in LINK.finditer(page.text)}
    assert len(known) > 200
    assert len(CORE) > 10
    assert linked <= known
