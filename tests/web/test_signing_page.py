"""What is signed can be found and folded on its page, and is printed whole."""

import re

import pytest
from playwright.sync_api import expect

AT = "/signatures/casebook/MGH-001/"
FOLDED = "details.part:not([open]) table"


def test_a_signer_finds_her_way_by_the_contents(opened):
    """A folded section opens as its link is followed; the page is short until then."""
    page = opened("investigator")
    page.goto(AT)
    folded = page.locator("details.part", has_text="Doses")

    assert page.evaluate("document.body.scrollHeight") < 5000
    expect(folded.locator("table")).to_be_hidden()
    page.locator(".contents").get_by_role("link", name="Doses", exact=True).click()

    expect(folded.locator("table")).to_be_visible()
    assert folded.evaluate("part => part.open")


def test_what_is_folded_is_printed(opened):
    """Every table is seen on paper, and the contents are not."""
    page = opened("investigator")
    page.goto(AT)
    seen = "tables => tables.map(each => each.checkVisibility())"
    on_screen = page.locator(FOLDED).evaluate_all(seen)

    page.emulate_media(media="print")

    on_paper = page.locator(FOLDED).evaluate_all(seen)
    assert len(on_paper) == len(on_screen) > 5
    assert not any(on_screen)
    assert all(on_paper)
    expect(page.locator(".contents")).to_be_hidden()


@pytest.mark.parametrize("query", ["", "?whole=1"])
def test_every_value_is_in_the_page_folded_or_not(signed_in, query):
    """Nothing is fetched later; unfolded, no section is closed."""
    page = signed_in("investigator").get(f"{AT}{query}").content.decode()

    told = [int(each) for each in re.findall(r'#part-\d+">[^<]+</a> <span[^>]+>(\d+) value', page)]
    closed = re.findall(r'<details class="part">', page)
    assert len(told) == len(re.findall(r'id="part-\d+"', page)) > 8
    assert page.count("<td class") >= sum(told) // 2
    assert bool(closed) is not bool(query)
