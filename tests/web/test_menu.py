"""The menu: beside the page where there is room, else opened by a button, also without scripts."""

import os
from pathlib import Path

import pytest
from tests.web.test_browser import AXE, LOOK, RULES

HEADER = "document.querySelector('header').getBoundingClientRect().height"
HERE = "document.activeElement.textContent.trim()"
NARROW = 390


def picture(page, name):
    """Keep a picture of what is seen, where a folder is named for pictures."""
    folder = os.environ.get("TRIALWRIGHT_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_narrow_screen_opens_the_menu_by_the_keyboard(opened, theme):
    """Tab, Enter, and on into the menu; Escape closes it and comes back to the button."""
    page = opened("principal-investigator", NARROW, theme, bypass_csp=True)
    page.goto("/today/")
    picture(page, f"menu-closed-{theme}")
    link = page.locator("nav[aria-label=Pages] a").first

    assert page.evaluate(HEADER) <= 900 / 12
    assert not link.is_visible()
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.evaluate(HERE) == "Menu":
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert link.is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate(HERE) == link.text_content()
    picture(page, f"menu-open-{theme}")
    page.add_script_tag(path=AXE)
    assert page.evaluate(LOOK, RULES)["violations"] == []
    width = "document.documentElement.scrollWidth"
    assert page.evaluate(width) == NARROW
    page.keyboard.press("Escape")
    assert not link.is_visible()
    assert page.evaluate(HERE) == "Menu"


@pytest.mark.parametrize("width", [320, NARROW])
def test_the_menu_opens_below_its_button_without_scripts(opened, width):
    """The button stays to be seen, closes it again, and a link of the menu leads on."""
    page = opened("coordinator", width, java_script_enabled=False)
    page.goto("/today/")
    button, link = page.locator(".menu-button"), page.get_by_role("link", name="Participants")

    button.click()
    top = page.locator("#menu").bounding_box()["y"]
    box = button.bounding_box()
    assert box["y"] + box["height"] <= top
    assert box["x"] + box["width"] <= width
    button.click()
    assert not page.locator("#menu").is_visible()
    button.click()
    link.first.click()

    assert page.url.endswith("/participants/")
    assert not page.locator("#menu").is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_wide_screen_shows_the_menu_beside_the_page(opened, theme):
    """Without a button; whoever has not signed in has no menu, and the few links in their place."""
    page, outside = opened("monitor", theme=theme), opened(width=NARROW, theme=theme)
    page.goto("/today/")
    outside.goto("/trial/")
    picture(page, f"menu-wide-{theme}")
    picture(outside, f"menu-outside-{theme}")

    assert page.locator("nav[aria-label=Pages] a").first.is_visible()
    assert page.get_by_role("button", name="Sign out").is_visible()
    assert not page.locator(".menu-button").is_visible()
    assert outside.get_by_role("link", name="Sign in").first.is_visible()
    assert outside.locator(".menu-button").count() == 0
