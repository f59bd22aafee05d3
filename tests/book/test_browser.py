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


STEPS = "book/gradients/steps.html"
LARGEST = 150_000  # characters of JSON that a figure to explore may bring along
OUTLINES = """() => [...document.querySelectorAll("#fig-tangent .explore-curve")]
  .map((path) => path.getAttribute("d") + path.getAttribute("transform"))"""
SAID = "#fig-tangent .explore-say"


def test_a_slider_moves_by_keyboard(sample_visit):
    page = sample_visit.page
    sample_visit.open(STEPS)
    power, tangent, here = page.evaluate(OUTLINES)
    picture = page.get_by_role("img", name="The graph of a power of x")
    before = picture.get_attribute("aria-label")
    slider = page.get_by_role("slider", name="the place")
    assert slider.get_attribute("aria-valuetext") == "+1.0"
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "+1.5"
    assert page.locator("#fig-tangent .explore-value").inner_text() == "+1.5"
    assert page.locator(SAID).inner_text() == "The square of 1.5 is 2.25."
    assert page.locator(SAID).get_attribute("aria-live") == "polite"
    moved = page.evaluate(OUTLINES)
    assert moved[0] == power
    assert moved[1] != tangent
    assert moved[2] != here
    after = picture.get_attribute("aria-label")
    assert after != before
    assert "the place: +1.5" in after
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(OUTLINES) == [power, tangent, here]
    assert sample_visit.complaints == []


def test_a_choice_changes_the_curves_by_keyboard(sample_visit):
    page = sample_visit.page
    sample_visit.open(STEPS)
    before = page.evaluate(OUTLINES)
    page.get_by_role("combobox", name="function").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator(SAID).inner_text() == "The cube of 1.0 is 1.00."
    after = page.evaluate(OUTLINES)
    assert after[0] != before[0]
    assert after[1] != before[1]
    assert after[2] == before[2]  # at 1 both are 1


def test_the_script_draws_where_the_numbers_are(sample_visit):
    """A logarithmic axis makes powers of ten a straight line; a missing point breaks it."""
    page = sample_visit.page
    sample_visit.open(STEPS)
    outline = page.locator("#fig-gap .explore-curve").get_attribute("d")
    pieces = [[p.split() for p in piece.split("L")] for piece in outline[1:].split("M")]
    assert [len(piece) for piece in pieces] == [2, 2]
    x, y = zip(*((float(x), float(y)) for piece in pieces for x, y in piece), strict=True)
    assert (x[3] - x[0]) / (x[1] - x[0]) == pytest.approx(4, abs=0.01)
    assert (y[3] - y[0]) / (y[1] - y[0]) == pytest.approx(4, abs=0.01)
    assert y[3] < y[0]
    assert page.locator("#fig-gap .explore-say").is_hidden()


def test_axes_change_with_the_control_they_depend_on(sample_visit):
    """The line fills the picture at either length; only the numbers beside the axis differ."""
    page = sample_visit.page
    sample_visit.open(STEPS)
    figure = page.locator("#fig-own-axes")
    drawn = figure.locator(".explore-curve")

    def now():
        paths = [drawn.nth(k).get_attribute("d") for k in range(3)]
        return paths, figure.locator("svg text").all_text_contents()

    (line, dots, level), texts = now()
    assert dots.count("h0") == 3
    assert drawn.nth(1).get_attribute("stroke-linecap") == "round"
    assert float(drawn.nth(2).get_attribute("stroke-width")) < 1
    assert "400" not in texts
    assert "10" in texts
    page.get_by_role("combobox", name="length").focus()
    page.keyboard.press("ArrowDown")
    moved, texts = now()
    assert "400" in texts
    ends = [[float(x) for x in path.split()[-1:]] for path in (line, moved[0])]
    assert ends[0] == ends[1]  # as high in the picture as before
    assert (len(moved), bool(level)) == (3, True)
    page.keyboard.press("ArrowUp")
    assert now()[0] == [line, dots, level]
    assert sample_visit.complaints == []


def test_without_scripts_the_picture_stands_alone(browser, built_once):
    with serving(built_once.html) as address:
        visit = Visit(browser, address, java_script_enabled=False)
        visit.page.goto(f"{address}/{STEPS}")
        figure = visit.page.locator("#fig-tangent")
        assert figure.locator("img").is_visible()
        assert "its tangent" in figure.inner_text()
        assert figure.locator("input, select, label, button").count() == 0
        assert "arrays" not in figure.inner_text()
        visit.close()


def test_a_figure_moves_on_a_page_opened_as_a_file(browser, built_once):
    visit = Visit(browser, built_once.html.as_uri())
    visit.page.goto(f"{visit.address}/{STEPS}")
    slider = visit.page.get_by_role("slider", name="the place")
    slider.focus()
    visit.page.keyboard.press("End")
    assert visit.page.locator(SAID).inner_text() == "The square of 2.0 is 4.00."
    visit.close()


@pytest.mark.parametrize("width", [1400, 390])
def test_figures_to_explore_can_be_used_by_all(browser, built_once, width):
    with serving(built_once.html) as address:
        visit = Visit(browser, address, width)
        visit.open(STEPS)
        for scheme in ("light", "dark"):
            visit.set_scheme(scheme)
            assert serious_violations(visit.page) == []
            picture = "getComputedStyle(document.querySelector('.explore-picture')).filter"
            assert ("invert" in visit.page.evaluate(picture)) == (scheme == "dark")
        excess = visit.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert excess <= 0, visit.page.evaluate(WIDE_PARTS)
        for part in visit.page.locator(".explore input, .explore select, .explore svg").all():
            box = part.bounding_box()
            assert box["height"] >= 24
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
        assert visit.page.locator("figure img").count() == 0
        assert visit.complaints == []
        visit.close()


EXPLORERS = ("plots.explore(", "explore_walks(")  # a call of either makes a figure to explore
EXPLORING = [
    page.name for page in Book(HOME).chapters if any(call in page.text for call in EXPLORERS)
]
PICTURES = """() => [...document.querySelectorAll(".explore svg")].map(
  (svg) => [...svg.querySelectorAll(".explore-curve")]
    .map((path) => path.getAttribute("d") + path.getAttribute("transform")).join("|"))"""


def test_chapters_have_figures_to_explore():
    expected = {"gradients/activations", "gradients/vanishing", "optimization/momentum"}
    assert {f"book/{name}" for name in expected} <= set(EXPLORING)


@pytest.mark.parametrize("name", EXPLORING)
def test_every_control_of_a_chapter_moves_its_figure_by_keyboard(visit, name):
    page = visit.page
    visit.open(f"{name}.html")
    controls = page.locator(".explore input, .explore select")
    assert controls.count() >= 2
    for control in controls.all():
        before = page.evaluate(PICTURES)
        control.focus()
        for key in ("ArrowDown", "ArrowUp"):  # one of them leads away from the place at the start
            page.keyboard.press(key)
            if page.evaluate(PICTURES) != before:
                break
        assert page.evaluate(PICTURES) != before
        assert page.locator(".explore svg").first.get_attribute("aria-label")
    data = page.locator("script.explore-data").all_text_contents()
    assert max(map(len, data)) < LARGEST
    assert visit.complaints == []


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
