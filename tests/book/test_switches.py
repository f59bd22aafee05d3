"""What a reader switches on a page: tabs, light and dark."""

import pytest

from .browser import checked_tabs
from .conftest import SAMPLE_BOOK

pytestmark = pytest.mark.reads(*SAMPLE_BOOK)


def test_tabs_switch_and_stay_in_step(sample_visit):
    page = sample_visit.page
    sample_visit.open("book/gradients/slopes.html")
    assert checked_tabs(page) == [["NumPy", True], ["NumPy", True]]
    page.locator(".sd-tab-set label", has_text="Plain").last.click()
    assert checked_tabs(page) == [["Plain", True], ["Plain", True]]


def test_the_switch_for_dark_pages(sample_visit):
    page = sample_visit.page
    sample_visit.open("index.html")
    button = page.locator("button.theme-switch-button").first
    seen = set()
    for _ in range(3):
        button.click()
        seen.add(page.evaluate("document.documentElement.dataset.mode"))
    assert seen == {"light", "dark", "auto"}


def test_figures_are_turned_over_in_the_dark(sample_visit):
    page = sample_visit.page
    sample_visit.open("book/gradients/slopes.html")
    style = "getComputedStyle(document.querySelector('figure img')).filter"
    assert page.evaluate(style) == "none"
    sample_visit.set_scheme("dark")
    assert "invert(0.91)" in page.evaluate(style)


def test_a_page_read_to_its_end_is_marked_and_stays_so(sample_visit):
    page = sample_visit.page
    sample_visit.open("book/gradients/steps.html")
    assert page.locator("a.is-read").count() == 0
    sample_visit.open("book/gradients/slopes.html")
    page.locator("#summary").scroll_into_view_if_needed()
    page.locator("a.is-read").first.wait_for()
    sample_visit.open("book/gradients/steps.html")
    assert page.locator("a.is-read").all_text_contents() == ["1. Slopes (read)"]
