"""A headless Chromium that may talk to one site only, and what it finds wrong with a page."""

import os
import shutil
from contextlib import contextmanager, suppress

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError, sync_playwright

WIDTHS = (1400, 390)  # a desktop's and a phone's

_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def executable() -> str:
    """The browser of this machine; its absence is an error where tests must not be skipped."""
    usual = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    names = (os.environ.get("CHROMIUM"), *usual)
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        message = "no Chromium found: install it, or name it in the variable CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found


@contextmanager
def chromium():
    """A running browser."""
    path = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        yield browser
        browser.close()


class Visit:
    """One page, opened; ``complaints`` gathers what went wrong on the way."""

    def __init__(self, browser, address: str, width: int = 1400, **options):
        self.address = address
        self.complaints: list[str] = []
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        context.route("**/*", self._only_our_site)
        self.page = context.new_page()
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("requestfailed", self._note_failure)
        self.page.on("response", self._note_response)

    def open(self, name: str) -> None:
        """Go to a page of the site and wait for its formulas."""
        self.page.goto(f"{self.address}/{name}", wait_until="load")
        self.page.evaluate("window.MathJax?.startup?.promise")
        self.page.evaluate("document.fonts.ready.then(() => true)")
        # Colours are judged when they have arrived, not on their way from light to dark.
        self.page.add_style_tag(content="* { transition: none !important; }")

    def set_width(self, width: int) -> None:
        """Look through a window of this width."""
        self.page.set_viewport_size({"width": width, "height": 900})
        # A moment after the window has changed, the theme lets the keyboard reach what scrolls.
        # Where it does not, axe tells.
        with suppress(TimeoutError):
            self.page.wait_for_function(_SCROLLED_BY_KEYBOARD, polling=50, timeout=3000)

    def set_scheme(self, scheme: str) -> None:
        """Let the reader's system prefer light or dark pages."""
        self.page.emulate_media(color_scheme=scheme)
        # The change is announced with the next frame, and a page nobody looks at draws none.
        self.page.screenshot(clip={"x": 0, "y": 0, "width": 1, "height": 1})
        themed = f"document.documentElement.dataset.theme === '{scheme}'"
        self.page.wait_for_function(themed, polling=50)

    def close(self) -> None:
        self.page.context.close()

    def _only_our_site(self, route) -> None:
        if route.request.url.startswith(self.address):
            route.continue_()
        else:
            self.complaints.append(f"asked another host: {route.request.url}")
            route.abort()

    def _note_failure(self, request) -> None:
        # What a page still asks for when the browser leaves it is broken off.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url}")

    def _note_console(self, message) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _note_response(self, response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")


_WIDE_PARTS = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const hidden = (e) => {
    for (let up = e.parentElement; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).overflowX !== "visible") return true;
    }
    return false;
  };
  return ["wider than the window", ...[...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !hidden(e))
    .map((e) => e.tagName + " " + e.textContent.trim().slice(0, 60)).slice(0, 5)];
}"""

_SCROLLED_BY_KEYBOARD = """() => [...document.querySelectorAll("pre")]
  .every((e) => e.scrollWidth <= e.clientWidth || e.tabIndex === 0)"""

_CHECKED_TABS = """() => [...document.querySelectorAll(".sd-tab-set")].map((set) => {
  const label = set.querySelector("input:checked + label");
  const body = label.nextElementSibling;
  return [label.textContent.trim(), body.checkVisibility()];
})"""

# Texts of one colour, size and weight on one ground have one contrast: three of each look are
# marked. What had enough of it on one page has it on all.
_MARK_ONE_OF_EACH = """(known) => {
  const ground = (e) => {
    let found = "";
    for (let up = e; up; up = up.parentElement) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(up);
      found += opacity + (backgroundImage === "none" ? "" : backgroundImage);
      if (!backgroundColor.endsWith(", 0)")) return found + backgroundColor;
    }
    return found;
  };
  const alike = new Map();
  for (const e of document.querySelectorAll("body *")) {
    e.removeAttribute("data-judged");
    const text = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    const box = e.getBoundingClientRect();
    if (!text || !e.checkVisibility() || box.width < 2 || box.height < 2) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(e);
    const look = [color, fontSize, fontWeight, ground(e)].join();
    alike.set(look, [...(alike.get(look) ?? []), e]);
  }
  known.forEach((look) => alike.delete(look));
  for (const found of alike.values()) {
    for (const place of [0, found.length >> 1, found.length - 1]) {
      found[place].setAttribute("data-judged", "");
    }
  }
  return [...alike.keys()];
}"""
_LEGIBLE: set[str] = set()


def wide_parts(page) -> list[str]:
    """What makes a page wider than the window, empty when it is not."""
    return page.evaluate(_WIDE_PARTS)


def checked_tabs(page) -> list:
    """For each set of tabs on a page: the label of the one that is chosen, and whether it shows."""
    return page.evaluate(_CHECKED_TABS)


def violations(page, *, colours: bool) -> list[str]:
    """What axe calls serious or critical: by its rule on colours, or by all its others."""
    # Without preload: axe would fetch imported styles from the wrong folder.
    options = {"resultTypes": ["violations"], "preload": False}
    if colours:
        looks = page.evaluate(_MARK_ONE_OF_EACH, list(_LEGIBLE))
        if not looks:
            return []
        options["runOnly"], context = ["color-contrast"], {"include": [["[data-judged]"]]}
    else:
        options["rules"], context = {"color-contrast": {"enabled": False}}, None
    found = Axe().run(page, context=context, options=options).response["violations"]
    wrong = [
        f"{violation['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    if colours and not wrong:
        _LEGIBLE.update(looks)
    return wrong
