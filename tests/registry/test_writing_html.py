"""The public trial page: one accessible file that asks for nothing outside itself."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from jinja2 import UndefinedError
from tests.registry.generated_records import RECORDS
from tests.sizes import sized

from trialwright.assembly import shelf
from trialwright.assembly.protocols import shipped
from trialwright.protocol.arms import DayRange
from trialwright.protocol.publication import OtherNumber, Publication, RecordDate
from trialwright.protocol.strict_yaml import read_yaml
from trialwright.registry.page import read_page
from trialwright.registry.protocol_draft import draft_yaml
from trialwright.registry.record import (
    Record,
    RecordAgent,
    RecordArm,
    RecordChoice,
    RecordCriterion,
    RecordDosing,
    RecordEndpoint,
    RecordIdentifiers,
    RecordPerson,
    RecordSite,
    record_of,
    record_of_plain,
)
from trialwright.registry.writing.page_html import write_html
from trialwright.registry.writing.page_view import day_in_words
from trialwright.terms.errors import Refusal

TEMPLATE = shelf.text("pages", "trial.html.j2")
STYLE = shelf.text("pages", "trial.css")
VOID = {"meta", "br", "img", "link", "input", "hr"}
HOSTILE = "<script>alert('\"x\"')</script> & </style> {{ page }}"


@dataclass
class Node:
    """An element with what stands in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list["Node | str"] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Its text, white space single."""
        return " ".join("".join(self._texts()).split())

    def _texts(self):
        for each in self.inside:
            if isinstance(each, str):
                yield each
            else:
                yield from each._texts()

    def all(self, *tags):
        """Give the elements below it of some kinds, in order; of every kind when none is named."""
        for each in self.inside:
            if isinstance(each, Node):
                if not tags or each.tag in tags:
                    yield each
                yield from each.all(*tags)

    def of_class(self, name):
        """Give the elements below it of a class."""
        return [each for each in self.all() if name in each.attributes.get("class", "").split()]


class Tree(HTMLParser):
    """Reads a page strictly: each end closes the element that is open."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = Node("root")
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        """Open an element."""
        node = Node(tag, {name: value or "" for name, value in attrs})
        assert len(node.attributes) == len(attrs), f"<{tag}> names an attribute twice"
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag):
        """Close the element that is open."""
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data):
        """Take text."""
        self.open[-1].inside.append(data)


def parsed(html):
    """Read a page into a tree."""
    reader = Tree()
    reader.feed(html)
    reader.close()
    assert [each.tag for each in reader.open] == ["root"]
    return reader.root


def written(record):
    """Write a page and read it into a tree."""
    return parsed(write_html(record, TEMPLATE, STYLE))


@pytest.fixture(scope="module")
def protocol():
    """Give the record of the shipped protocol."""
    return record_of(shipped("NCT03959891").study)


@pytest.fixture(scope="module")
def tree(protocol):
    """Give the page of the shipped protocol as a tree."""
    return written(protocol)


def test_the_page_is_one_document_with_language_and_title(tree, protocol):
    """A screen reader is told the language, and a tab the trial."""
    html = next(tree.all("html"))
    title = next(tree.all("title")).words

    assert html.attributes["lang"] == "en"
    assert title == f"{protocol.title} (NCT03959891)"


def test_landmarks_are_there_once(tree):
    """Banner, main, navigation with a name, and footer."""
    found = [each.tag for each in tree.all("header", "nav", "main", "footer")]
    nav = next(tree.all("nav"))

    assert sorted(found) == ["footer", "header", "main", "nav"]
    assert nav.attributes["aria-label"] == "On this page"


def test_the_first_link_skips_to_the_content(tree):
    """The keyboard reaches the trial at once."""
    first = next(tree.all("a"))
    main = next(tree.all("main"))

    assert first.attributes["href"] == f"#{main.attributes['id']}"
    assert first.words == "Skip to main content"


def test_headings_go_down_by_one(tree):
    """One h1, and no level is left out on the way down."""
    levels = [int(each.tag[1]) for each in tree.all("h1", "h2", "h3", "h4", "h5", "h6")]

    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_links_inside_the_page_reach_their_places(tree):
    """Every anchor is there, and every id once."""
    ids = [each.attributes["id"] for each in tree.all() if "id" in each.attributes]
    inner = [each.attributes["href"] for each in tree.all("a")]
    named = [each.attributes.get("aria-labelledby") for each in tree.all("section", "article")]

    assert len(ids) == len(set(ids))
    assert {each[1:] for each in inner if each.startswith("#")} <= set(ids)
    assert set(named) <= set(ids)


def test_nothing_is_fetched(tree):
    """No script, no picture, no frame, no sheet of its own; links are anchors, phones and mails."""
    tags = {each.tag for each in tree.all()}
    links = [each.attributes["href"] for each in tree.all("a")]

    assert not tags & {"script", "link", "img", "iframe", "object", "form", "svg", "base"}
    assert not any("src" in each.attributes for each in tree.all())
    assert all(link.startswith(("#", "tel:", "mailto:")) for link in links)
    assert not re.search(r"url\(|@import|https?:", STYLE)
    assert not any(name.startswith("on") for each in tree.all() for name in each.attributes)


def test_tables_have_captions_and_scopes(tree):
    """Each table says what it shows, and each heading cell what it heads."""
    for table in tree.all("table"):
        assert next(table.all("caption")).words
        for cell in table.all("th"):
            assert cell.attributes["scope"] in {"row", "col", "colgroup"}
        widths = {
            sum(int(cell.attributes.get("colspan", 1)) for cell in row.all("th", "td"))
            for row in table.all("tr")
        }
        assert len(widths) == 1


def test_every_criterion_is_present_with_its_sub_bullets(real_page):
    """On the real page all 35, each with all its words, sub-bullets as lists in lists."""
    record = record_of_plain(read_yaml(draft_yaml(read_page(real_page, "page.txt"))).value)
    tree = written(record)

    items = [each for each in tree.of_class("criteria")[0].inside if isinstance(each, Node)]
    items += [each for each in tree.of_class("criteria")[1].inside if isinstance(each, Node)]
    assert len(items) == 35
    for item, criterion in zip(items, record.criteria, strict=True):
        said = next(iter(item.of_class("says"))).words
        source = re.sub(r"(?<=\s)\*+\s", "", " ".join(criterion.printed.split()))
        assert item.of_class("place")[0].words == criterion.id
        assert " ".join(said.split()) == source
    second = next(items[1].all("ul"))
    assert [len(list(each.all("ul"))) for each in second.inside if isinstance(each, Node)] == [0, 1]


def test_a_criterion_for_one_arm_is_marked(tree):
    """The words by which an arm is named are a tag, not said twice."""
    tags = [each.words for each in tree.of_class("tag") if "quiet" not in each.attributes["class"]]
    marked = next(each for each in tree.all("li") if each.attributes.get("id") == "exclusion-13")

    assert tags == ["For Arm C only:"]
    assert marked.words.count("Arm C") == 1


def test_a_note_is_marked_as_a_permission(tree):
    """I07 and I08 permit, and never restrict."""
    marked = [
        each.attributes["id"]
        for each in tree.all("li")
        if "id" in each.attributes and each.of_class("quiet")
    ]

    assert marked == ["inclusion-7", "inclusion-8"]


def test_the_calendar_shows_which_agent_on_which_day(tree, protocol):
    """Arm C: fulvestrant on days 1 and 15, ipatasertib 1-21, palbociclib 8-28."""
    table = tree.of_class("cycle")[2]
    rows = list(next(table.all("tbody")).all("tr"))
    given = [
        [day for day, cell in enumerate(row.all("td"), start=1) if "given" in cell.words]
        for row in rows
    ]

    assert next(table.all("caption")).words == (
        "Arm C: what is given on which day of a cycle of 28 days"
    )
    assert given == [[1, 15], [1], list(range(1, 22)), list(range(8, 29))]
    assert [next(row.all("th")).words for row in rows] == [
        "Fulvestrant into a muscle (IM) days 1 and 15 of cycle 1",
        "Fulvestrant into a muscle (IM) day 1 of each cycle from cycle 2",
        "Ipatasertib by mouth (PO), once daily days 1-21 of every cycle",
        "Palbociclib by mouth (PO), once daily days 8-28 of every cycle",
    ]


@pytest.mark.parametrize(
    ("cycle_days", "last", "drawn"), [(21, 21, 21), (30, 28, 30), (43, 7, 0), (21, 22, 0)]
)
def test_a_cycle_is_drawn_when_it_is_short_enough(cycle_days, last, drawn):
    """A long cycle, or a line past its end, is told in words alone."""
    line = RecordDosing(
        id="l",
        says="",
        choices=(RecordChoice(agent="t"),),
        days=(DayRange(first=1, last=last),),
    )
    record = Record(
        cycle_days=cycle_days,
        agents={"t": RecordAgent(says="T")},
        arms=(RecordArm(id="A", dosing=(line,)),),
    )

    table = written(record).of_class("cycle")[0]

    assert len(list(table.all("td"))) == (drawn + 1 if drawn else 0)
    assert next(next(table.all("tbody")).all("th")).words == f"T days 1-{last} of every cycle"


def test_the_status_is_told_in_words(tree):
    """A badge with a word and what it means, not a colour alone."""
    status = tree.of_class("status")[0]

    assert status.words == "Active Open to new participants."


def test_illustrative_values_are_not_shown(tree):
    """The endpoint that the registry does not state is left out, and the page says so."""
    main = next(tree.all("main")).words

    assert "dose-limiting" not in main.lower()
    assert "1 endpoint is left out for that reason" in main
    assert "Objective response rate" in main


def test_it_says_how_it_was_made(tree):
    """Version and date of the protocol, for people and machines."""
    time = next(tree.all("time"))

    assert "from version 1 of the protocol, dated 22 November 2026" in next(tree.all("main")).words
    assert time.attributes["datetime"] == "2026-11-22"


def test_hostile_words_are_shown_and_do_nothing():
    """Markup, quotes and template signs in any field come out as text."""
    record = Record(
        title=HOSTILE,
        summary=HOSTILE,
        status=HOSTILE,
        lead_organisation=HOSTILE,
        identifiers=RecordIdentifiers(nct=HOSTILE, local=HOSTILE),
        arms=(RecordArm(id='"><b>', says=HOSTILE, title=HOSTILE, source_text=HOSTILE),),
        criteria=(RecordCriterion(id='I"><b>', says=HOSTILE, arms=("<b>",)),),
        sites=(RecordSite(id="s", name=HOSTILE, phone="javascript:alert(1)", email='a@b"c.d'),),
        investigators=(RecordPerson(name=HOSTILE, role=HOSTILE),),
        endpoints=(RecordEndpoint(id="e", rank="primary", says=HOSTILE, time_frame=HOSTILE),),
        publication=Publication(
            other_numbers=(OtherNumber(id=HOSTILE, domain=HOSTILE),), acronym=HOSTILE
        ),
    )

    tree = written(record)

    assert not list(tree.all("script", "b"))
    assert [each.attributes["href"] for each in tree.all("a")][-1] == "#made"
    assert HOSTILE in next(tree.all("h1")).words
    assert next(tree.all("main")).words.count("alert('\"x\"')") > 10


def test_phones_and_addresses_are_links_when_they_have_the_form():
    """A link is made from the digits, never from words."""
    site = RecordSite(id="s", name="S", phone="+1 (617) 643-2208", email="a.b@example.org")

    links = [each.attributes["href"] for each in written(Record(sites=(site,))).all("a")]

    assert links[-2:] == ["tel:+16176432208", "mailto:a.b@example.org"]


def test_columns_that_nothing_fills_are_left_out():
    """Sites without status and contact are a list of names; one gap among others is told."""
    bare = RecordSite(id="a", name="A", city="Town", country="Land")
    full = RecordSite(id="b", name="B", status="closed", phone="12345")

    alone = next(written(Record(sites=(bare,))).all("table"))
    both = next(written(Record(sites=(bare, full))).all("table"))

    assert [each.words for each in alone.all("th", "td")] == ["Site", "ATown, Land"]
    assert [each.words for each in both.all("td")] == [
        "not stated",
        "not stated",
        "Closed",
        "12345",
    ]


def test_what_only_the_publication_states_is_shown():
    """Participants, dates, conditions, other numbers, time frames, description, sex and age."""
    record = Record(
        endpoints=(
            RecordEndpoint(id="a", rank="secondary", says="Survival", time_frame="2 years"),
            RecordEndpoint(id="b", rank="primary", says="Safety", description="By grade"),
        ),
        publication=Publication(
            official_title="The Whole Title",
            conditions=("One", "Two"),
            enrolled=1200,
            started=RecordDate(date="2026-03"),
            completion=RecordDate(date="2030-03-01", type="ESTIMATED"),
            description="First.\n\nSecond.",
            sex="female",
            minimum_age="18 Years",
            maximum_age="N/A",
            other_numbers=(OtherNumber(id="2014-1", type="EUDRACT_NUMBER"),),
        ),
        criteria=(RecordCriterion(id="I01", says="Consent"),),
    )

    words = next(written(record).all("main")).words.replace(" ", "")

    for part in (
        *("Official title: The Whole Title", "One; Two", "1,200 planned", "March 2026"),
        *("1 March 2030 (expected)", "First. Second.", "Women, 18 years of age and older."),
        *("Eudract number 2014-1", "Safety By grade primary not stated", "Survival secondary 2"),
    ):
        assert part.replace(" ", "") in words


def test_an_empty_record_makes_a_page():
    """Nothing is invented, and nothing stands empty."""
    tree = written(Record())

    assert next(tree.all("h1")).words == "Clinical trial"
    assert [each.words for each in tree.all("h2")] == ["About this record"]
    assert "a draft of the protocol that has no version yet" in next(tree.all("main")).words


@pytest.mark.sized
@settings(max_examples=sized(600, 15), deadline=None, suppress_health_check=list(HealthCheck))
@given(RECORDS)
def test_any_record_makes_a_well_formed_page(record):
    """Odd and empty records too: valid nesting, ids once, the same text each time."""
    html = write_html(record, TEMPLATE, STYLE)
    ids = [each.attributes["id"] for each in parsed(html).all() if "id" in each.attributes]

    assert html == write_html(record, TEMPLATE, STYLE)
    assert len(ids) == len(set(ids))


def test_a_template_that_asks_for_something_else_is_an_error():
    """A name that is not there is never shown as nothing."""
    with pytest.raises(UndefinedError):
        write_html(Record(), "{{ page.budget }}", "")


def test_a_style_sheet_with_markup_is_refused():
    """It would end its own element."""
    with pytest.raises(Refusal, match="CSS alone"):
        write_html(Record(), TEMPLATE, "a {} </style><script>")


def colours(dark):
    """Give the colours of the style sheet by name, of the light or the dark page."""
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[0]))
    return light | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[1])) if dark else light


def luminance(colour):
    """Give the relative luminance of a colour by WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *((ink, ground) for ink in ("ink", "quiet", "link") for ground in ("paper", "sheet")),
        *(("quiet", "faint"), ("on-brand", "brand"), ("open-ink", "open-ground")),
        *(("shut-ink", "shut-ground"), ("tag-ink", "tag-ground")),
        *(("on-mark", "studied"), ("on-mark", "other")),
    ],
)
def test_words_stand_out_from_their_ground(ink, ground, dark):
    """At least 4.5 to 1, on the light and on the dark page."""
    colour = colours(dark)
    one, other = sorted((luminance(colour[ink]), luminance(colour[ground])))

    assert (other + 0.05) / (one + 0.05) >= 4.5


@pytest.mark.parametrize(
    ("date", "says"),
    [
        ("2026-11-22", "22 November 2026"),
        ("2026-03", "March 2026"),
        ("2026", "2026"),
        ("2026-13-01", "2026-13-01"),
        ("", ""),
    ],
)
def test_dates_are_written_for_people(date, says):
    """What is no date stays as it stands."""
    assert day_in_words(date) == says
