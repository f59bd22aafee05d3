"""Every page in a real browser: wide and narrow, light and dark, with no other host in reach.

A page is loaded once. All of axe's rules but the one on colours are tried on it once, at one
width; colours are judged in light at one width and in dark at the other. Which width comes first
turns with the page, so that the pages of one template meet both.
"""

import zlib

import pytest

from book.pipeline.layout import HOME, Book

from .browser import WIDTHS, violations, wide_parts
from .conftest import ITS_CODE, THE_SITE

pytestmark = pytest.mark.reads(*ITS_CODE, *THE_SITE)

# Pages that Sphinx makes by itself, besides the ones in the table of contents.
GENERATED = ["genindex", "py-modindex", "search"]
PAGES = [page.name for page in Book(HOME).pages] + GENERATED

BARE_FORMULAS = """() => [...document.querySelectorAll(".bd-article .math")]
  .filter((e) => !e.querySelector("mjx-container")).map((e) => e.textContent)"""
EMPTY_IMAGES = """() => [...document.images]
  .filter((image) => !image.naturalWidth).map((image) => image.src)"""
CHECKED_TABS = """() => [...document.querySelectorAll(".sd-tab-set")].map((set) => {
  const label = set.querySelector("input:checked + label");
  const body = label.nextElementSibling;
  return [label.textContent.trim(), body.checkVisibility()];
})"""


def test_every_page_is_visited(site):
    built = {
        path.relative_to(site).with_suffix("").as_posix()
        for path in site.rglob("*.html")
        if "_static" not in path.parts
    }
    assert built - set(PAGES) <= {"prf-prf"}


def test_pages_of_both_kinds_are_met_at_both_widths():
    chapters = {page.name for page in Book(HOME).chapters}
    for kind in (chapters, set(PAGES) - chapters):
        assert {widths_of(name) for name in kind} == {WIDTHS, WIDTHS[::-1]}


def widths_of(name):
    """The two widths, in the order in which a page is looked at."""
    return WIDTHS[:: 1 if zlib.crc32(name.encode()) % 2 else -1]


@pytest.mark.parametrize("name", PAGES, ids=[f"{name}@page" for name in PAGES])
def test_page(visit, name):
    visit.open(f"{name}.html")
    page = visit.page
    for width, scheme in zip(widths_of(name), ("light", "dark"), strict=True):
        visit.set_width(width)
        visit.set_scheme(scheme)
        assert wide_parts(page) == []
        assert violations(page, colours=True) == []
    assert violations(page, colours=False) == []
    assert page.evaluate(BARE_FORMULAS) == []
    assert page.locator("mjx-merror").count() == 0
    assert page.evaluate(EMPTY_IMAGES) == []
    assert visit.complaints == []


def test_formulas_are_drawn(visit):
    visit.open("book/gradients/perceptron.html")
    assert visit.page.locator("mjx-container").count() > 50


def test_search_finds_a_word(visit):
    visit.open("search.html?q=perceptron")
    result = visit.page.locator("#search-results a[href*='gradients/perceptron.html']").first
    result.wait_for()
    assert "perceptron" in result.inner_text().lower()
    assert visit.complaints == []


def test_tabs_switch_and_stay_in_step(sample_visit):
    page = sample_visit.page
    sample_visit.open("book/gradients/slopes.html")
    assert page.evaluate(CHECKED_TABS) == [["NumPy", True], ["NumPy", True]]
    page.locator(".sd-tab-set label", has_text="Plain").last.click()
    assert page.evaluate(CHECKED_TABS) == [["Plain", True], ["Plain", True]]


def test_tabs_of_the_course_switch(visit):
    visit.open("book/gradients/perceptron.html")
    visit.page.locator(".sd-tab-set label", has_text="PyTorch").first.click()
    names = {name for name, shown in visit.page.evaluate(CHECKED_TABS) if shown}
    assert names == {"PyTorch"}


def test_a_solution_opens(visit):
    visit.open("book/gradients/perceptron.html")
    solution = visit.page.locator(".solution").first
    code = solution.locator(".highlight").first
    assert not code.is_visible()
    solution.locator("button.toggle-button").click()
    assert code.is_visible()


def test_the_switch_for_dark_pages(visit):
    visit.open("index.html")
    button = visit.page.locator("button.theme-switch-button").first
    seen = set()
    for _ in range(3):
        button.click()
        seen.add(visit.page.evaluate("document.documentElement.dataset.mode"))
    assert seen == {"light", "dark", "auto"}


def test_figures_are_turned_over_in_the_dark(sample_visit):
    sample_visit.open("book/gradients/slopes.html")
    style = "getComputedStyle(document.querySelector('figure img')).filter"
    assert sample_visit.page.evaluate(style) == "none"
    sample_visit.set_scheme("dark")
    assert "invert(0.91)" in sample_visit.page.evaluate(style)
