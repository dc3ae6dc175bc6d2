"""Short invented trial pages, their drafts, and what people add to make a protocol of one."""

from datetime import date
from functools import cache

from trialwright.protocol.strict_yaml import read_yaml
from trialwright.protocol.writing import write_plain
from trialwright.registry.page import read_page
from trialwright.registry.protocol_draft import draft_yaml
from trialwright.registry.reviewing import editing
from trialwright.registry.reviewing.draft_text import decided, pending

ON = date(2099, 1, 31)
"""Day of every decision."""

_PAGE = """\
Testinib in an Invented Disease

Trial Status: Active

This phase Ib trial studies testinib. No such trial exists.

Inclusion Criteria

{inclusion}

Exclusion Criteria

{exclusion}

I. {objective}

OUTLINE: This is a dose-escalation study of testinib. Patients are assigned to 1 of 2 arms.

ARM A: Patients receive testinib PO QD on days 1-28. Cycles repeat every 28 days in the absence of \
disease progression.

ARM B: Patients receive testinib PO QD on days 1-21. Cycles repeat every 28 days in the absence of \
disease progression.

After completion of study treatment, patients are followed up at 30 days, then every 3 months \
thereafter.

Trial Phase Phase Ib

Trial Type Treatment

Lead Organization
Invented Center

  • Primary ID 99-001
  • ID NCT99999999
"""

_SUPPLIED = """
version: "1"
dated: 2099-01-01
assignment: {rule: investigator, says: By the investigator., origin: not_in_registry}
sample_size: {participants: 12, origin: not_in_registry}
dlt:
  origin: not_in_registry
  ctcae: "5.0"
  must_be_related: true
  rules: [{id: any-grade-4, says: Any event of grade 4, least_grade: 4}]
response:
  origin: not_in_registry
  measurable_conventional_mm: 20
  measurable_spiral_mm: 10
  bone_only_allowed: false
endpoint_settings: {}
"""

_FOR_AN_ARM = """
ladder: {agent: testinib, doses: [1, 2], origin: not_in_registry, note: Invented.}
escalation: {name: 3+3, variant: six-at-mtd, origin: not_in_registry}
dlt_window: {anchor_agent: testinib, days: 28, least_dose_percent: 75, origin: not_in_registry}
"""


def page_of(*inclusion, exclusion=("Prior testinib",), objective="To evaluate safety."):
    """Give the text of a page with these criteria."""
    lists = ("\n".join(f"  • {words}" for words in listed) for listed in (inclusion, exclusion))
    return _PAGE.format(inclusion=next(lists), exclusion=next(lists), objective=objective)


@cache
def draft_of(*inclusion, exclusion=("Prior testinib",), whole=False):
    """Give the draft of a page with these criteria and little else, without its head's comment.

    A whole page has arms and all, so that its draft can become a protocol.
    """
    page = page_of(*inclusion, exclusion=exclusion)
    if not whole:
        page = page[: page.index("I. To")]
    text = draft_yaml(read_page(page, "page.txt"))
    return text[text.index("\n\nformat") + 2 :]


def accept(text, which=0):
    """Accept one of the proposals that wait; give the draft and what became of its criterion."""
    item = pending(text)[which]
    return decided(text, item, editing.accepted(item.proposed, "ab", ON))


@cache
def accept_all(text):
    """Accept each proposal that waits."""
    while pending(text):
        text, _ = accept(text)
    return text


def criterion_of(text, name):
    """Give a criterion of a draft as plain values."""
    return next(each for each in read_yaml(text).value["criteria"] if each["id"] == name)


def ruled_by_accepting(words, name="I01"):
    """Give what a criterion of these words becomes when each of its proposals is accepted."""
    bullets = {"exclusion": (words,)} if name.startswith("E") else {}
    text = draft_of("Signed consent" if bullets else words, **bullets)
    return criterion_of(accept_all(text), name)


def finished(text, examples=None):
    """Fill the gaps of a draft, as people do, with the examples given for each criterion."""
    values = read_yaml(text).value | read_yaml(_SUPPLIED).value
    for arm in values["arms"]:
        arm |= read_yaml(_FOR_AN_ARM).value
    for agent in values["agents"].values():
        agent |= {"dose_unit": "mg", "agent_class": "invented class"}
    for criterion in values["criteria"]:
        given = (examples or {}).get(criterion["id"]) or _answered(criterion)
        criterion["examples"] = given
    return write_plain(values)


def _answered(criterion):
    """Give the examples of a criterion that one person answers."""
    name = criterion["id"].lower()
    yes, no = ("present", "absent") if name.startswith("e") else ("met", "not met")
    return [
        {"given": {name: "yes"}, "answer": yes},
        {"given": {name: "no"}, "answer": no},
        {"given": {name: None}, "answer": "unknown"},
    ]


def limits(fact, met, not_met):
    """Give examples of a criterion that one value decides."""
    return [
        {"given": {fact: met}, "answer": "met"},
        {"given": {fact: not_met}, "answer": "not met"},
        {"given": {fact: None}, "answer": "unknown"},
    ]
