"""Figures to explore: by keyboard and pointer, without scripts, from a file, for all."""

import pytest

from book.pipeline.serve import serving

from .browser import WIDTHS, Visit, violations, wide_parts
from .conftest import SAMPLE_BOOK

pytestmark = pytest.mark.reads(*SAMPLE_BOOK)

STEPS = "book/gradients/steps.html"
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


@pytest.mark.parametrize("width", WIDTHS)
def test_figures_to_explore_can_be_used_by_all(browser, built_once, width):
    with serving(built_once.html) as address:
        visit = Visit(browser, address, width)
        visit.open(STEPS)
        for scheme in ("light", "dark"):
            visit.set_scheme(scheme)
            assert violations(visit.page, colours=True) == []
            assert violations(visit.page, colours=False) == []
            picture = "getComputedStyle(document.querySelector('.explore-picture')).filter"
            assert ("invert" in visit.page.evaluate(picture)) == (scheme == "dark")
        assert wide_parts(visit.page) == []
        for part in visit.page.locator(".explore input, .explore select, .explore svg").all():
            box = part.bounding_box()
            assert box["height"] >= 24
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
        assert visit.page.locator("figure img").count() == 0
        assert visit.complaints == []
        visit.close()
