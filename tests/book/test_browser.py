"""Every page in a real browser: wide and narrow, light and dark, with no other host in reach."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from book.pipeline.layout import HOME, Book
from book.pipeline.serve import serving

from .browser import Visit, chromium

# Pages that Sphinx makes by itself, besides the ones in the table of contents.
GENERATED = ["genindex", "py-modindex", "search"]
PAGES = [page.name for page in Book(HOME).pages] + GENERATED

WIDE_PARTS = """() => {
  const hidden = (e) => {
    for (let up = e.parentElement; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).overflowX !== "visible") return true;
    }
    return false;
  };
  return [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !hidden(e))
    .map((e) => e.tagName + " " + e.textContent.trim().slice(0, 60)).slice(0, 5);
}"""
BARE_FORMULAS = """() => [...document.querySelectorAll(".bd-article .math")]
  .filter((e) => !e.querySelector("mjx-container")).map((e) => e.textContent)"""
EMPTY_IMAGES = """() => [...document.images]
  .filter((image) => !image.naturalWidth).map((image) => image.src)"""
CHECKED_TABS = """() => [...document.querySelectorAll(".sd-tab-set")].map((set) => {
  const label = set.querySelector("input:checked + label");
  const body = label.nextElementSibling;
  return [label.textContent.trim(), body.checkVisibility()];
})"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(site):
    with serving(site) as address:
        yield address


@pytest.fixture
def visit(browser, address):
    visit = Visit(browser, address)
    yield visit
    visit.close()


@pytest.fixture
def sample_visit(browser, built_once):
    with serving(built_once.html) as address:
        visit = Visit(browser, address)
        yield visit
        visit.close()


def test_every_page_is_visited(site):
    built = {
        path.relative_to(site).with_suffix("").as_posix()
        for path in site.rglob("*.html")
        if "_static" not in path.parts
    }
    assert built - set(PAGES) <= {"prf-prf"}


@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("name", PAGES)
def test_page(browser, address, name, width):
    visit = Visit(browser, address, width)
    visit.open(f"{name}.html")
    # From light to dark only colours change, so only they are judged again.
    for scheme, rules in (("light", ()), ("dark", ("color-contrast",))):
        visit.set_scheme(scheme)
        excess = visit.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert excess <= 0, visit.page.evaluate(WIDE_PARTS)
        assert serious_violations(visit.page, rules) == []
    assert visit.page.evaluate(BARE_FORMULAS) == []
    assert visit.page.locator("mjx-merror").count() == 0
    assert visit.page.evaluate(EMPTY_IMAGES) == []
    assert visit.complaints == []
    visit.close()


def serious_violations(page, rules=()):
    """What axe calls serious or critical; of all its rules, or of the ones named."""
    # Without preload: axe would fetch imported styles from the wrong folder.
    options = {"resultTypes": ["violations"], "preload": False}
    if rules:
        options["runOnly"] = list(rules)
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


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
