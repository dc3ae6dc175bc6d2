"""Reading a cancer.gov trial page kept as text -> Draft.

The page is a run of lines that mostly name themselves (`Trial Status: ...`, `ARM A: ...`). Four
kinds do not: the title and the summary are known by their place, a bullet by the heading above it,
and an objective, whose heading this text has lost, by its order. Where a place is filled twice,
nothing is chosen: both stay as text for people.
"""

import re
from dataclasses import replace

from trialwright.protocol.publication import Publication
from trialwright.protocol.schedule import FollowUp
from trialwright.protocol.study import Rank
from trialwright.registry.bullets import depth_doubt, parts_of, read_bullet
from trialwright.registry.dosing import Unclear
from trialwright.registry.doubts import doubts
from trialwright.registry.draft import (
    Draft,
    DraftCriterion,
    DraftIdentifiers,
    DraftObjective,
    DraftSite,
)
from trialwright.registry.draft_arms import DraftArm
from trialwright.registry.lines import Line, Stretch, lines_of
from trialwright.registry.outline import (
    ArmWords,
    Design,
    read_arms,
    read_design,
    read_follow_up,
    sentences_of,
)
from trialwright.registry.proposing_all import with_proposals
from trialwright.registry.sheet import Sheet
from trialwright.registry.signposts import ANCHORS, HEADED, SITE, Signed, grouped, signed
from trialwright.terms.errors import Fault, Refusal, shorten

SHAPE = "cancer.gov page"

RANKS: tuple[Rank, ...] = ("primary", "secondary", "exploratory")

MOST_BULLETS = 99
"""Most criteria of one list: their ids have two digits (`protocol.criteria.Criterion`)."""

MOST_PARAGRAPH = 10_000
"""Longest OUTLINE or ARM read, characters; the longest of the first trial's page has 291."""

BY_ORDER = "No heading of objectives is in the text: group {place} is read as {rank}, by order."

_BRIEF = re.compile(r"This (?:[\w-]+,? ){0,6}(?:trial|study)\b", re.IGNORECASE)
_PHASE = re.compile(r"\bphase ([IV]{1,3}[ab]?(?:/[IV]{1,3}[ab]?)?)(?![\w/])", re.IGNORECASE)
_ROMAN = {
    "X" * tens + ones: 10 * tens + place
    for tens in range(4)
    for place, ones in enumerate(("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"))
    if tens or ones
}


def read_page(text: str, file: str = "") -> Draft:
    """Read a trial page of cancer.gov kept as text.

    Parameters
    ----------
    text : str
        The page. Line ends may be LF, CRLF or bare CR.
    file : str
        Name shown in faults.

    Returns
    -------
    Draft
        What the page says, with every word either in a typed part or in kept text.

    Raises
    ------
    Refusal
        If the text is empty, too long or no UTF-8, or no part of a trial page is in it.
    """
    lines = tuple(signed(line) for line in lines_of(text, file))
    if not any(each.kind in ANCHORS for each in lines):
        raise Refusal([_no_page(lines[0].line, file)])
    reader = _Reader()
    for group in grouped(lines):
        reader.take(group)
    return reader.finish(file)


def _no_page(first: Line, file: str) -> Fault:
    """Say that no part of the text is a part of a trial page."""
    return Fault(
        "",
        f"a text that begins {shorten(first.words)!r} and has no part of a trial page",
        "lines such as 'Trial Status: Active', 'Inclusion Criteria', 'OUTLINE: ...', 'ARM A: ...'",
        "Save the page of the trial on cancer.gov as text, whole",
        file,
        first.line,
    )


class _Reader:
    """Takes the groups of a page one by one, then settles them."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.section = "title"
        self.section_line = 0
        self.criteria: dict[str, list[DraftCriterion]] = {"inclusion": [], "exclusion": []}
        self.objectives: list[DraftObjective] = []
        self.sites: dict[str, DraftSite] = {}
        self.group, self.numeral, self.is_stated = 0, 0, False

    def take(self, group: list[Signed]) -> None:
        """Take one group of lines."""
        first = group[0]
        if first.kind in HEADED:
            self._headed(group)
        elif any(each.kind in SITE for each in group):
            self._site(group)
        elif first.kind == "words":
            for each in group:
                self._words(each)
        elif first.kind == "bullet":
            self._bullet(first)
        elif first.kind in self.criteria:
            self._criteria_heading(first)
        elif first.kind == "navigation":
            self.sheet.understand(first.line.span("navigation", "navigation"))
        else:
            self.section = "summary" if first.kind == "status" else ""
            self._named(first)

    def _named(self, each: Signed) -> None:
        """Take a line that names itself."""
        match each.kind:
            case "arm" | "outline":
                self._paragraph(each)
            case "objectives":
                rank = each.value.lower()
                self.is_stated, self.numeral = True, 0
                self.group = next(n for n, each in enumerate(RANKS, start=1) if each == rank)
                self.sheet.understand(each.line.span("heading", f"objectives.{rank}"))
            case "objective":
                self._objective(each)
            case _:
                self.sheet.claim(each.kind, each.value, each.line)

    def _paragraph(self, each: Signed) -> None:
        """Take OUTLINE or an ARM: its label and its sentences, read when all arms are known."""
        line = each.line
        if len(line.words) > MOST_PARAGRAPH:
            self._keep([each], f"it is longer than {MOST_PARAGRAPH} characters")
            return
        label_length = len(line.words) - len(each.value)
        label = Stretch(line.words[:label_length].rstrip(), line.line, line.start)
        sentences = sentences_of(each.value, line.line, line.start + label_length)
        topic = f"{each.kind} {each.label.upper()}".strip()
        self.sheet.claim(topic, each.value, label, *sentences)

    def _criteria_heading(self, each: Signed) -> None:
        """Begin a list of criteria."""
        self.section, self.section_line = each.kind, each.line.line
        self.sheet.understand(each.line.span("heading", f"criteria.{each.kind}"))
        if self.criteria[each.kind]:
            self.sheet.remark(
                each.line.line,
                f"The heading of the {each.kind} criteria stands here a second time: the bullets"
                " below it are counted on.",
            )

    def _headed(self, group: list[Signed]) -> None:
        """Take a heading with its value in the next line."""
        self.section = ""
        if [each.kind for each in group[1:]] == ["words"]:
            heading, value = group[0].line, group[1].line
            self.sheet.claim(group[0].kind, value.words, value, heading)
        elif len(group) == 1:
            self._keep(group, "the heading has no value in the next line")
        else:
            self._keep(group, "several lines stand below this heading; which it means is not clear")

    def _site(self, group: list[Signed]) -> None:
        """Take a site: its name, then Status, Contact and Phone, each at most once."""
        self.section = ""
        kinds = [each.kind for each in group]
        if kinds[:2] != ["words", "site_status"]:
            self._keep(group, "a site is one line with its name and 'Status:' in the next line")
        elif len(set(kinds)) != len(kinds):
            self._keep(group, "a site has one status, one contact and one phone")
        else:
            found = {each.kind: each.value for each in group}
            name = group[0].line
            contact, phone = found.get("contact", ""), found.get("phone", "")
            site = DraftSite(name.words, found["site_status"], contact, phone, name.line)
            topic = f"site {name.plain}"
            words = "\n".join(each.line.words for each in group)
            self.sheet.claim(topic, words, *(each.line for each in group))
            self.sites.setdefault(topic, site)

    def _words(self, each: Signed) -> None:
        """Take a line that names itself nothing: title, summary, or text to keep."""
        if self.section in {"title", "summary"}:
            self.sheet.claim(self.section, each.line.words, each.line)
            return
        because = "it is no part of a trial page as known here"
        if self.section in self.criteria and not each.line.is_after_blank:
            because = f"it stands among the {self.section} criteria and is no bullet"
        elif self.section in self.criteria:
            self.section, self.section_line = "unknown", each.line.line
        self._keep([each], because)

    def _bullet(self, each: Signed) -> None:
        """Take a bullet: a criterion when a list of criteria is open."""
        if self.section not in self.criteria:
            why = "no heading of criteria stands above it"
            if self.section == "unknown":
                why = f"the words in line {self.section_line} above it are no known heading"
            self._keep([each], f"it is a bullet, and {why}")
            return
        bullets = self.criteria[self.section]
        if len(bullets) == MOST_BULLETS:
            self._keep([each], f"a protocol numbers up to {MOST_BULLETS} criteria of one list")
            return
        criterion = read_bullet(each.line, self.section, len(bullets) + 1)
        bullets.append(criterion)
        for part in parts_of(criterion.head):
            self.sheet.understand(part.span)
        if doubt := depth_doubt(criterion):
            self.sheet.remark(each.line.line, doubt)

    def _objective(self, each: Signed) -> None:
        """Take an objective; `I.` begins the next group where no heading says which it is."""
        same = next((other for other in self.objectives if other.says == each.value), None)
        if same is not None:
            self._keep([each], f"it repeats line {same.line}")
            return
        number = _ROMAN.get(each.number, 0)
        if number == 1 and not self.is_stated:
            self.group, self.numeral = self.group + 1, 0
        if number != self.numeral + 1 or not 1 <= self.group <= len(RANKS):
            self._keep([each], "its number does not say to which group of objectives it belongs")
            return
        self.numeral = number
        rank = RANKS[self.group - 1]
        assumption = "" if self.is_stated else BY_ORDER.format(place=self.group, rank=rank)
        place = sum(other.rank == rank for other in self.objectives)
        self.objectives.append(DraftObjective(rank, each.value, assumption, each.line.line))
        self.sheet.understand(each.line.span("objective", f"objectives.{rank}.{place}"))

    def _keep(self, group: list[Signed], because: str) -> None:
        """Keep lines as text."""
        for each in group:
            self.sheet.keep(each.line, "bullet" if each.kind == "bullet" else "words", because)

    def finish(self, file: str) -> Draft:
        """Settle what was claimed and give the draft."""
        sheet = self.sheet
        summary = self._summary()
        in_summary = _PHASE.search(summary)
        outline = self._words_of("outline")
        follow_up_words = self._words_of("follow_up")
        criteria, still_open = with_proposals(
            (*self.criteria["inclusion"], *self.criteria["exclusion"])
        )
        design, arms, follow_up = self._design(), self._arms(), self._follow_up()
        draft = Draft(
            shape=SHAPE,
            file=file,
            title=sheet.settled("title", "title", "title"),
            status=sheet.settled("status", "status", "status"),
            summary=summary,
            phase=sheet.settled("phase", "phase", "phase"),
            phase_in_summary=in_summary[1] if in_summary else "",
            trial_type=sheet.settled("trial_type", "trial type", "trial_type"),
            lead_organisation=sheet.settled("lead_organisation", "value", "lead_organisation"),
            principal_investigator=sheet.settled(
                "principal_investigator", "value", "principal_investigator"
            ),
            identifiers=self._identifiers(),
            criteria=criteria,
            sites=self._sites(),
            objectives=tuple(self.objectives),
            escalated_agent=design.escalated_agent,
            arms_stated=design.arms,
            assigned=design.assigned,
            arms=arms,
            follow_up=follow_up,
            spans=(),
            kept=(),
            remarks=(),
            publication=Publication.model_construct(  # as it stands; `gaps` names odd signs
                outline=outline, follow_up=follow_up_words if follow_up else ""
            ),
        )
        said = (*sheet.remarks, *still_open, *doubts(draft))
        remarks = sorted(said, key=lambda each: each.line)
        return replace(
            draft,
            spans=tuple(sorted(sheet.spans)),
            kept=tuple(sorted(sheet.kept, key=lambda each: each.span)),
            remarks=tuple(remarks),
        )

    def _words_of(self, topic: str) -> str:
        """Give the words of a topic that the record says in one way, before it is settled."""
        words = {" ".join(each.value.split()) for each in self.sheet.claims.get(topic, [])}
        return words.pop() if len(words) == 1 else ""

    def _summary(self) -> str:
        """Settle the summary: the only line in its place, or the only one that begins as one."""
        claims = self.sheet.claims.get("summary", [])
        begun = [each for each in claims if _BRIEF.match(each.value)]
        if len(begun) == 1:
            for each in claims:
                if each is not begun[0]:
                    self.sheet.keep(each.stretches[0], "words", "it stands beside the summary")
            self.sheet.claims["summary"] = begun
        return self.sheet.settled("summary", "summary", "summary")

    def _identifiers(self) -> DraftIdentifiers:
        """Settle the registration numbers."""
        settled = self.sheet.settled
        secondary = settled("secondary_ids", "identifier", "identifiers.secondary")
        return DraftIdentifiers(
            settled("primary_id", "identifier", "identifiers.primary"),
            tuple(re.split(r"\s*,\s*" if "," in secondary else r"\s+", secondary))
            if secondary
            else (),
            settled("nct", "identifier", "identifiers.nct").upper(),
        )

    def _sites(self) -> tuple[DraftSite, ...]:
        """Settle the sites."""
        return tuple(
            site
            for place, (topic, site) in enumerate(self.sites.items())
            if self.sheet.settled(topic, "site", f"sites.{place}")
        )

    def _design(self) -> Design:
        """Settle the outline, sentence by sentence."""
        claim = self.sheet.settle("outline")
        design = Design()
        if claim is None:
            return design
        self.sheet.understand(claim.stretches[0].span("heading", "outline"))
        for sentence in claim.stretches[1:]:
            meant = read_design(sentence)
            if isinstance(meant, Design):
                meant = design.joined(meant)
            if isinstance(meant, Unclear):
                self.sheet.keep(sentence, "outline sentence", meant.because)
            else:
                design = meant
                self.sheet.understand(sentence.span("outline sentence", "outline"))
        return design

    def _arms(self) -> tuple[DraftArm, ...]:
        """Settle the arms, then read them together, for one may refer to another."""
        words = []
        said: dict[str, str] = {}
        for topic in [each for each in self.sheet.claims if each.startswith("arm ")]:
            claim = self.sheet.settle(topic)
            if claim is not None:
                label = topic.removeprefix("arm ")
                self.sheet.understand(claim.stretches[0].span("heading", f"arms.{label}"))
                words.append(ArmWords(label, claim.line, claim.stretches[1:]))
                said[label] = claim.value
        arms = []
        for arm, spans in read_arms(words):
            arms.append(replace(arm, source_text=said[arm.label]))
            for span in spans:
                if span.standing == "understood":
                    self.sheet.understand(span)
            for kept in arm.kept:
                self.sheet.take(kept)
        return tuple(arms)

    def _follow_up(self) -> FollowUp | None:
        """Settle the sentence on follow-up."""
        claim = self.sheet.settle("follow_up")
        if claim is None:
            return None
        meant = read_follow_up(claim.stretches[0])
        if isinstance(meant, Unclear):
            self.sheet.keep(claim.stretches[0], "follow-up", meant.because)
            return None
        self.sheet.understand(claim.stretches[0].span("follow-up", "follow_up"))
        return meant
