"""Every page in a real browser: wide and narrow, light and dark, with no other host in reach.

A page is loaded once. All of axe's rules but the one on colours are tried on it once, at one
width; colours are judged in light at one width and in dark at the other. Which width comes first
turns with the page, so that the pages of one template meet both.
"""

import zlib

import pytest

from book.pipeline.layout import HOME, Book

from .browser import WIDTHS, checked_tabs, violations, wide_parts
from .conftest import loaded_by

pytestmark = pytest.mark.reads("_toc.yml", loaded_by)

# Pages that Sphinx makes by itself, besides the ones in the table of contents.
GENERATED = ["genindex", "py-modindex", "search"]
SOLUTIONS = [
    f"{page.name}-solutions" for page in Book(HOME).chapters if "{exercise-start}" in page.text
]
PAGES = [page.name for page in Book(HOME).pages] + SOLUTIONS + GENERATED

LARGEST = 150_000  # characters of JSON that a figure to explore may bring along
EXPLORERS = ("plots.explore(", "explore_walks(")  # a call of either makes a figure to explore
EXPLORING = [
    page.name for page in Book(HOME).chapters if any(call in page.text for call in EXPLORERS)
]
PICTURES = """() => [...document.querySelectorAll(".explore svg")].map(
  (svg) => [...svg.querySelectorAll(".explore-curve")]
    .map((path) => path.getAttribute("d") + path.getAttribute("transform")).join("|"))"""

BARE_FORMULAS = """() => [...document.querySelectorAll(".bd-article .math")]
  .filter((e) => !e.querySelector("mjx-container")).map((e) => e.textContent)"""
LONG_LINES = """() => [...document.querySelectorAll(".bd-article pre")]
  .filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent.slice(0, 80))"""
HEADING = """(id) => document.getElementById(id).closest("section")
  .querySelector("h1, h2").innerText"""
EMPTY_IMAGES = """() => [...document.images]
  .filter((image) => !image.naturalWidth).map((image) => image.src)"""


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
        if width == min(WIDTHS):
            assert page.evaluate(LONG_LINES) == []
    assert violations(page, colours=False) == []
    assert page.evaluate(BARE_FORMULAS) == []
    assert page.locator("mjx-merror").count() == 0
    assert page.evaluate(EMPTY_IMAGES) == []
    assert visit.complaints == []


PERCEPTRON = pytest.mark.parametrize(
    "name", ["book/gradients/perceptron"], ids=lambda name: f"{name}@"
)


@PERCEPTRON
def test_formulas_are_drawn(visit, name):
    visit.open(f"{name}.html")
    assert visit.page.locator("mjx-container").count() > 50


@pytest.mark.parametrize("name", ["search"], ids=["search@"])
def test_search_finds_a_word(visit, name):
    visit.open(f"{name}.html?q=perceptron")
    result = visit.page.locator("#search-results a[href*='gradients/perceptron.html']").first
    result.wait_for()
    assert "perceptron" in result.inner_text().lower()
    assert visit.complaints == []


# What people ask for, as they spell it, and the page that explains it.
ASKED = {
    "overfitting": "regularization/bias_variance",
    "neurons": "gradients/networks",
    "learning rate": "gradients/networks",
    "softmax": "gradients/networks",
    "early stopping": "regularization/early_stopping",
    "XOR": "gradients/perceptron",
    "backpropagation": "gradients/backpropagation",
    "chain rule": "gradients/backpropagation",
    "relu": "gradients/activations",
    "sigmoid": "gradients/activations",
    "cross entropy": "gradients/losses",
    "gradient checking": "gradients/gradient_checking",
    "vanishing gradients": "gradients/vanishing",
    "gradient clipping": "gradients/vanishing",
    "Xavier initialization": "gradients/vanishing",
    "gradient descent": "optimization/descent",
    "mini batch": "optimization/descent",
    "momentum": "optimization/momentum",
    "Adam": "optimization/adaptive",
    "weight decay": "regularization/penalties",
    "warmup": "optimization/schedules",
    "batch normalization": "optimization/normalization",
    "grid search": "optimization/tuning",
    "dropout": "regularization/dropout",
    "lasso": "regularization/penalties",
    "calibration": "regularization/calibration",
    "data augmentation": "regularization/augmentation",
    "learning curve": "regularization/bias_variance",
    "F1 score": "regularization/strategy",
    "confusion matrix": "regularization/error_analysis",
    "transfer learning": "regularization/more_data",
    "convolution": "cnn/convolution",
    "padding": "cnn/padding_and_stride",
    "pooling": "cnn/padding_and_stride",
    "receptive field": "cnn/local_and_shared",
    "LeNet-5": "cnn/lenet",
    "residual block": "cnn/residual",
    "Inception module": "cnn/inception",
    "Grad-CAM": "cnn/seeing",
}


@pytest.mark.parametrize("name", ["search"], ids=["search@asked"])
def test_a_search_for_a_usual_word_opens_the_right_page_first(visit, name):
    first = {}
    for word in ASKED:
        visit.open(f"{name}.html?q={word.replace(' ', '+')}")
        link = visit.page.locator("#search-results ul.search li a").first
        link.wait_for()
        first[word] = link.get_attribute("href").split(".html")[0].removeprefix("book/")
    assert first == ASKED
    assert visit.complaints == []


@pytest.mark.parametrize("name", ["index"], ids=["search@cards"])
def test_the_cards_of_the_landing_page_lead_where_they_say(visit, name):
    headings = {}
    for card in ("Start reading", "Run it, get graded", "Teach from it"):
        visit.open(f"{name}.html")
        visit.page.locator(".sd-card", has_text=card).first.click()
        visit.page.wait_for_url("**#*")
        place = visit.page.url.partition("#")[2]
        headings[card] = visit.page.evaluate(HEADING, place)
    assert "neural network" in headings["Start reading"]
    assert headings["Run it, get graded"].startswith("Run it, get graded")
    assert headings["Teach from it"].startswith("Teach")


@PERCEPTRON
def test_tabs_of_the_course_switch(visit, name):
    visit.open(f"{name}.html")
    visit.page.locator(".sd-tab-set label", has_text="PyTorch").first.click()
    names = {name for name, shown in checked_tabs(visit.page) if shown}
    assert names == {"PyTorch"}


def test_chapters_have_figures_to_explore():
    expected = {"gradients/activations", "gradients/vanishing", "optimization/momentum"}
    assert {f"book/{name}" for name in expected} <= set(EXPLORING)


@pytest.mark.parametrize("name", EXPLORING, ids=[f"{name}@figures" for name in EXPLORING])
def test_every_control_of_a_chapter_moves_its_figure_by_keyboard(visit, name):
    page = visit.page
    visit.open(f"{name}.html")
    controls = page.locator(".explore input, .explore select")
    assert controls.count() >= 1
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
