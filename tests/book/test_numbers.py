"""The regression test of the whole book: what this machine's run says lies in the stored bands."""

import pytest

from book.pipeline import bands
from book.pipeline.elsewhere import path_of
from book.pipeline.layout import HOME, Book
from book.pipeline.notebooks import code_cells, read_chapter, read_notebook, tags
from book.pipeline.outcomes import outcomes_of

from .conftest import CHAPTER

pytestmark = pytest.mark.reads(*CHAPTER)

BOOK = Book(HOME)
CHAPTERS = [page.chapter for page in BOOK.chapters]
each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=[f"{c}@" for c in CHAPTERS])


@each_chapter
def test_this_machine_says_what_the_others_said(site, chapter):
    page = BOOK.chapter(chapter)
    stored = bands.read(path_of(BOOK, page))
    assert stored, f"no bands: make elsewhere CHAPTERS={chapter}"
    problems = stored.misses(outcomes_of(read_notebook(BOOK.notebook(page))))
    assert not problems, "\n".join(problems)


@each_chapter
def test_what_the_page_relies_on_is_steady_over_the_machines(chapter):
    problems = bands.read(path_of(BOOK, BOOK.chapter(chapter))).unsteady()
    assert not problems, "\n".join(problems)


@each_chapter
def test_an_expectation_that_falls_would_be_seen(chapter):
    """Its note is an output, so the cell must show its outputs."""
    for number, cell in enumerate(code_cells(read_chapter(BOOK.chapter(chapter))), 1):
        hidden = {"remove-output", "remove-cell"} & set(tags(cell))
        assert not (hidden and "expect(" in cell.source), f"code cell {number}"


def test_bands_belong_to_chapters():
    stored = {path.relative_to(HOME) for path in HOME.glob("tests/book/numbers/**/*.json")}
    assert stored == {path_of(BOOK, page).relative_to(HOME) for page in BOOK.chapters}


@pytest.mark.parametrize(
    ("text", "words", "numbers"),
    [
        ("2,000", "{}", [(2000, 1)]),
        ("93.2–93.9 %", "{}–{} %", [(93.2, 0.1), (93.9, 0.1)]),
        ("5·10⁻³", "{}", [(0.005, 0.001)]),
        ("10⁻⁴", "{}", [(1e-4, 1e-4)]),
        ("1.2e-05", "{}", [(1.2e-5, 1e-6)]),
        ("−0.50, then -2", "{}, then {}", [(-0.5, 0.01), (-2, 1)]),
        ("1/32", "{}/{}", [(1, 1), (32, 1)]),
        ("12 of 13, 5.", "{} of {}, {}.", [(12, 1), (13, 1), (5, 1)]),
        ("C16-18", "C{}-{}", [(16, 1), (18, 1)]),
        ("never", "never", []),
    ],
)
def test_texts_are_taken_apart(text, words, numbers):
    found, values = bands.parse(text)
    assert found == words
    assert [(v.value, v.unit) for v in values] == [pytest.approx(pair) for pair in numbers]


@pytest.mark.parametrize(
    ("kind", "texts", "steady"),
    [
        ("exact", ["12", "12"], True),
        ("exact", ["12", "13"], False),
        ("measured", ["93.6%", "93.7%"], True),
        ("measured", ["93.6%", "93.8%"], False),
        ("measured", ["12", "13"], True),
        ("measured", ["3", "4"], False),  # one unit, but a third of the value
        ("measured", ["0", "1"], False),
        ("measured", ["12 units", "12 runs"], False),
        ("measured", ["9.5·10⁻⁴", "9.6·10⁻⁴"], True),
        ("measured", ["1/16", "1/32"], False),
        ("timed", ["3 s", "90 s"], True),
        ("unsaid", ["3", "3"], False),
    ],
)
def test_a_kind_is_a_promise(kind, texts, steady):
    assert bands.band(kind, texts).steady is steady


@pytest.mark.parametrize(
    ("kind", "text", "misses"),
    [
        ("exact", "12.4", False),
        ("exact", "12.6", True),
        ("measured", "12.6", False),  # one unit beyond the band
        ("measured", "12.7", True),
        ("measured", "12.4 s", True),
        ("timed", "99", False),
    ],
)
def test_a_new_machine_is_held_to_the_band(kind, text, misses):
    assert bands.band(kind, ["12.4", "12.5"]).misses(text) is misses
