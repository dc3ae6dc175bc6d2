"""Cutting treatment text into words of known kinds: agent, route, dose, days, cycles, joins.

Nothing is passed over: every sign that is no white space is in a word, and a word of no known kind
says so. What the words together mean is told by `treatment_clauses`.
"""

import re
from dataclasses import dataclass, replace

from trialwright.registry.treatments.agents import AgentNames, Mention, mentions
from trialwright.registry.treatments.times import (
    COUNT,
    CYCLES,
    DAYS,
    FIRST_DAYS,
    FOR,
    LENGTH,
    NUMBER,
    ODD_COUNT,
    ODD_LENGTH,
    OFF,
    ON_OFF,
    OUT_OF,
    TIME,
    UNIT,
    WEEKLY_OFF,
    days_of,
)

_SAME = str.maketrans(
    {
        "\u00a0": " ",
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u00b2": "2",
        "\u00d7": "x",
        "\u2019": "'",
        "\u03bc": "\u00b5",
        "\u2003": " ",
        "\u2009": " ",
        "\u202f": " ",
    }
)

_END = (
    r"(?:(?:documented |documentation of |confirmed |evidence of )?(?:disease progression"
    r"|progressive disease|progression of disease|tumou?r progression|progression|pd)"
    r"|(?:disease )?relapse|(?:unacceptable |intolerable |excessive )?(?:treatment-related )?"
    r"toxicit(?:y|ies)|withdrawal of consent|consent withdrawal|death)(?!\w)"
)
_UNTIL = (
    rf"(?:, ?)?(?:or )?(?:until|till|in the absence of)(?: the)?"
    r"(?: (?:occurrence|development|time) of)?"
    rf" {_END}(?:(?:,? or |,? and |, ?|/){_END}){{0,6}}"
)
_AMOUNT = r"\d{1,3}(?:,\d{3})+|\d{1,6}(?:\.\d{1,3})?"
_DOSE_UNIT = (
    r"(?:mg|mcg|ug|\u00b5g|micrograms?|milligrams?|grams?|g|ng|iu|miu|mu|ku|units?|ml|million units"
    r"|million iu|mmol|pfu|tablets?|capsules?)"
)
_PER = (
    r"(?: ?(?:/|per) ?(?:m ?\^? ?2|m\^\{2\}|sq\.? ?m|square met(?:er|re)s?|kg|kilogram|day|d|dose"
    r"|min|week|wk|hr|h))*"
)
_DOSE = (
    rf"(?:{_AMOUNT})(?: ?(?:-|to|or|and|/|,) ?(?:{_AMOUNT})){{0,6}} ?-?{_DOSE_UNIT}(?!\w)(?!\^)"
    rf"{_PER}(?!\w)"
    r"|auc ?(?:=|of)? ?\d{1,2}(?:\.\d)?(?: ?mg/ml(?:[./ x]*min(?:utes?)?)?)?(?!\w)"
)
_DURATION = (
    r"(?:(?:over|for|within|at least|about|approximately) ){0,3}(?:a )?\d{1,3}(?:\.\d)?"
    r"(?: ?(?:-|to) ?\d{1,3})?[ -]?(?:minutes?|mins?|hours?|hrs?|h)(?!\w)(?: \(?\+/- ?\d{1,2}"
    r" (?:minutes?|mins?)\)?)?"
    r"|(?:over )?(?:one|two|three|half an|an|a) hours?(?!\w)"
    r"|(?:\+/-|\u00b1) ?\d{1,2} ?(?:days?|hours?|minutes?|mins?)"
)
_EVERY = (
    rf"(?:once |given )?(?:every|each|q\.?) ?{NUMBER}[ -]?(?:{UNIT}|w|d|wks)(?!\w)"
    r"|q\d{1,2}(?:w|d|wk|wks)(?!\w)|(?:once )?every (?:other|second|third|fourth) (?:week|day)"
    r"|(?:once )?(?:monthly|every month|(?:a|per) month)|(?:three|two|four|3|2|4)[- ]weekly"
)
_ROUTES = (
    ("PO", r"orally|oral|by mouth|p\.? ?o\.?(?!\w)|per os|per oral|peroral(?:ly)?|taken by mouth"),
    (
        "IV",
        r"(?:by |via |as an? |an? )?(?:continuous )?(?:intravenous(?:ly)?|c?i\.? ?v\.?i?(?!\w))"
        r"(?: (?:infusion|drip|bolus|push|injection)s?)?",
    ),
    ("SC", r"(?:by )?(?:subcutaneous(?:ly)?|s\.? ?c\.?(?!\w)|sub-?q|sq|subcut)(?: injections?)?"),
    ("IM", r"(?:by )?(?:intramuscular(?:ly)?|i\.? ?m\.?(?!\w))(?: injections?)?"),
)
_OFTEN = (
    (3, r"(?:three|3) times (?:a|per|each) day|three times daily|3 times daily|thrice daily"),
    (3, r"t\.?i\.?d\.?(?!\w)|(?:every|q\.?) ?8 ?(?:hours|hrs|h)(?!\w)"),
    (2, r"(?:two|2) times (?:a|per|each) day|(?:two times|2 times)[ -]daily|twice[ -](?:a )?day"),
    (2, r"twice[ -]daily|twice per day|twice each day|b\.?i\.?d\.?(?!\w)|bd"),
    (2, r"(?:every|q\.?) ?(?:12|twelve) ?(?:hours|hrs|h)(?!\w)"),
    (1, r"once[ -](?:daily|a day|per day|every day|each day)|one time (?:a|per) day|once-a-day"),
    (1, r"(?:every|q\.?) ?24 ?(?:hours|hrs|h)(?!\w)|every day|each day|q\.?d\.?(?!\w)|q ?day"),
    (1, r"daily|o\.d\."),
)
_WEEKLY = (
    r"(?:once )?weekly|once (?:a|per|each|every) week|every week|each week|q\.? ?w(?:k|eek)?(?!\w)"
)
_SOME_A_WEEK = (
    rf"(?:twice|{NUMBER} times|{NUMBER} days)[ -](?:weekly|a week|per week|each week|/ ?week|every"
    r" week)|bi-?weekly|b\.?i\.?w\.?(?!\w)|t\.?i\.?w\.?(?!\w)|every other day|qod|alternate days"
)
_PLACE = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|week-?days?|week-?ends?|holidays?"
    r"|(?:weeks?|wks?|months?) ?#?\d{1,3}(?: ?(?:-|to|,|and|through) ?\d{1,3}){0,12}(?!\w)"
    r"|(?:in |during )?(?:the )?(?:first|second|third|last) (?:week|month|year)s?"
)
_DESIGNATOR = (
    r"(?:dose )?(?:cohorts?|schedules?|parts?|arms?|groups?|stages?|steps?|regimens?|levels?"
    r"|schemas?|segments?) ?#?-?(?:\d{1,2}[a-z]?|[a-h]|i{1,3}|iv)(?![\w-])"
    r"|phase ?(?:1 ?b|1 ?a|2 ?a|2 ?b|1|2|i{1,3} ?[ab]?|iv)(?:/(?:1|2|i{1,3})[ab]?)?(?![\w-])"
)

CONDITION = "condition"
"""Kind of a word that makes what stands beside it hold for some, or at some time, only."""

CAVEAT = "caveat"
"""Kind of a word that may change the days that stand beside it, and not the length of a cycle."""

_CONDITION = (
    r"if|when|whenever|in case|optional(?:ly)?|discretion|as needed|prn|who|whose|those"
    r"|cross(?:ed|es|ing)?[- ]?over|alternat\w+|either|one of|any of|versus|vs\.?|only|lead[- ]?in"
    r"|run[- ]?in|maintenance|induction|consolidation|extension|instead|replac\w+|switch\w*"
    r"|depend\w*|option\w*|control|window|washout"
)
_CAVEAT = (
    r"may|might|can|could|should|allowed|permitted|except|excluding|not|no|none|never|without"
    r"|skip\w*|respectively|omit\w*|h[eo]ld|delay\w*|reduc\w+|discontinu\w+|modif\w+|adjust\w*"
    r"|prior|previous\w*|before|after|pre-?treat\w*|pre-?medic\w*|post\w*|thereafter|alone"
    r"|initial(?:ly)?|first|second|third|last|subsequently|interrupt\w*|prophyla\w+|history"
    r"|refractory|resistant|relapsed?|progress\w*|placebo-controlled|rest|break|off|missed|stop\w*"
    r"|complet\w+"
)
_SEEN = (
    r"biops\w+|scans?|scanned|imag\w+|mri|ct|pet|pet/ct|assess\w*|evaluat\w*|sampl\w+"
    r"|pharmacokinetics?|pk|pharmacodynamics?|blood|measur\w+|dlts?|dose[- ]limiting|toxicit\w+"
    r"|tumou?rs?|surger\w+|surgical\w*|radiation|radiotherapy|irradiation|rt|gy|mammogra\w+"
    r"|respon\w+|follow(?:ed)?[- ]?up|visits?|screening|baseline|monitor\w*|observ\w+|collect\w+"
    r"|safety|adverse|mtd|rp2d|endpoints?|analys\w+|tests?|examin\w+|labs?|laborator\w+|study day"
)
_START = (
    r"start\w*|beg[iau]n\w*|commenc\w+|initiat\w+|from|through|since|by|up to|onwards?|beyond"
    r"|forward|continu(?:e|ed|es|ing)"
)
_JOIN = (
    r"in combination with|combined with|together with|along with|in addition to|given with"
    r"|concurrently with|concomitantly with|followed by|and then|then|, and|and|plus|with"
    r"|in addition|also|as well as|&|\+|,|;|/"
)
_FILL = (
    r"patients?|participants?|subjects?|women|men|will|receiv\w+|be|been|being|is|are|was|were"
    r"|given|giving|administ\w+|take[ns]?|taking|took|treat(?:ed|ment|ments)?|have|has|had|to|at|in"
    r"|on|of|for|as|a|an|the|this|these|their|each|every|all|both|doses?|dosing|dosed|levels?"
    r"|tablets?|capsules?|pills?|caplets?|gelatin|hard|soft|solution|suspension|formulation|vials?"
    r"|powder|infus\w+|injec\w+|bolus|drugs?|study|medications?|agents?|schedules?|scheduled"
    r"|regimens?|continuous(?:ly)?|consecutive(?:ly)?|uninterrupted|escalat\w+|de-escalat\w+|fixed"
    r"|standard|full|same|recommended|assigned|planned|maximum|max|tolerated|approximately|about"
    r"|per|protocol|combin\w+|therapy|chemotherapy|single|open[- ]label|total|daily dose"
    r"|experimental|active|comparator|arms?|cohorts?|groups?|fasting|fasted|fed|food|meals?|empty"
    r"|stomach|glass|water|morning|evening|night|bedtime|breakfast|dinner|time|times|once|self"
    r"|intervention|interventions|interventional|drug|biological|during|over|within|hydrochloride"
    r"|slow|rapid|push|pump|central|peripheral|vein|line|route|via|through a|dose[- ]escalation"
    r"|dose[- ]finding|dose[- ]expansion|expansion|cycles?|courses?|basis|day|days|week|weeks|using"
    r"|minutes?|flat|weight|body|surface|area|bsa|based|increasing|ascending|various|different"
    r"|randomi[sz]ed|postmenopausal|premenopausal|loading"
    r"|starting dose(?: level)?s?|target|level|phase|portion|part|enrolled|into|it|which|that"
    r"|follows?|following(?= dose)|under|conditions?|high|low|higher|lower|metastatic|breast|cancer"
    r"|advanced|locally|recurrent|her-?2|positive|negative|solid|disease|subcutaneous|generic"
    r"|(?:enteric|film)[- ]coated|gel-?caps?|lyophili[sz]ed|sterile|pre-?filled|syringes?|saline"
    r"|eligible|adults?|pts?|consecutively|sequentially|simultaneously|concurrent(?:ly)?"
    r"|concomitant(?:ly)?|separate(?:ly)?|together|mg|mcg|mg/m\^?2|m2|mg/kg|kg|milligrams?"
    r"|kilograms?|grams?|millilit(?:er|re)s?|square|met(?:er|re)s?|twice|dispensed|provided|delivered"
    r"|liquid|orally[- ]administered|brand|name|name:|assigned|label|known|called|named|i\.?e\.?"
)
_NUMBER = r"\d[\w.,/%+-]*"

_KINDS: tuple[tuple[str, str], ...] = (
    ("until", _UNTIL),
    ("till", r"(?:, ?)?(?:or )?(?:until|till|in the absence of|unless)"),
    ("or", r", or|or|and/or"),
    ("condition", r"cross-?over|(?:up)?on progression"),
    ("on_off", ON_OFF),
    ("weekly_off", WEEKLY_OFF),
    ("off", OFF),
    ("odd_length", ODD_LENGTH),
    ("length", LENGTH),
    ("count", COUNT),
    ("fill", r"starting dose(?: level)?s?|daily doses?|total daily doses?"),
    ("odd", r"every (?:other|second|third|2nd|3rd) (?:cycle|course)"),
    ("cycles", CYCLES),
    ("odd", ODD_COUNT),
    ("out_of", OUT_OF),
    ("first_days", FIRST_DAYS),
    ("days", DAYS),
    ("dose", _DOSE),
    *((f"often_{times}", words) for times, words in _OFTEN),
    ("some_a_week", _SOME_A_WEEK),
    ("every", _EVERY),
    ("weekly", _WEEKLY),
    ("for", FOR),
    ("duration", _DURATION),
    ("odd", rf"{TIME}|days? -\d{{1,2}}(?: ?(?:-|to) ?-?\d{{1,2}})?"),
    ("place", _PLACE),
    ("designator", _DESIGNATOR),
    *((f"route_{route}", words) for route, words in _ROUTES),
    ("join", _JOIN),
    ("seen", _SEEN),
    ("start", _START),
    ("fill", _FILL),
    (CONDITION, _CONDITION),
    (CAVEAT, _CAVEAT),
    ("number", _NUMBER),
    ("word", r"\w+(?:['-]\w+)*"),
    ("sign", r"\S"),
)


def _alternative(place: int, words: str) -> str:
    """Give one kind as a group that ends at the end of a word."""
    return rf"(?P<k{place}>(?:{words})(?:(?<!\w)|(?!\w)))"


_C_CYCLE = r"(?P<c>c\d{1,2}(?=d\d))"
_ANY = re.compile(
    "|".join((_C_CYCLE, *(_alternative(place, words) for place, (_, words) in enumerate(_KINDS)))),
    re.IGNORECASE,
)


_DAY_AGAIN = re.compile(r"(?:, ?| )(?:and |& |\+ )?(?:on )?days? ?\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or words that belong together, of one kind.

    Attributes
    ----------
    kind : str
        E.g. `agent`, `days`, `dose`, `fill` (means nothing here), `word` (not known).
    start, end : int
        Where, characters of the plain text.
    words : str
        As they stand in the plain text.
    value : str
        Of a route its short name, of `often` the times a day.
    mention : Mention or None
        Of an agent.
    """

    kind: str
    start: int
    end: int
    words: str
    value: str = ""
    mention: Mention | None = None


def plain(words: str) -> tuple[str, tuple[int, ...]]:
    """Put a text in plain signs with single spaces.

    Parameters
    ----------
    words : str
        As they stand.

    Returns
    -------
    str
        The plain text, hyphens and spaces of one kind.
    tuple of int
        For each of its characters, the character of `words` it comes from.
    """
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(words.translate(_SAME)):
        if not sign.isspace():
            signs.append(sign)
            places.append(place)
        elif signs and signs[-1] != " ":
            signs.append(" ")
            places.append(place)
    if signs and signs[-1] == " ":
        del signs[-1], places[-1]
    return "".join(signs), tuple(places)


def words_of(text: str, names: AgentNames) -> tuple[Word, ...]:
    """Cut a plain text into words.

    Parameters
    ----------
    text : str
        As `plain` gives it.
    names : AgentNames
        Names of agents.

    Returns
    -------
    tuple of Word
        They hold every sign that is no space.
    """
    agents = {each.start: each for each in mentions(text, names)}
    found: list[Word] = []
    place = 0
    while place < len(text):
        if text[place] == " ":
            place += 1
            continue
        word = _agent(agents.get(place)) or _word(text, place)
        found.append(word)
        place = word.end
    return tuple(_retold(found, place) for place in range(len(found)))


def _retold(words: list[Word], place: int) -> Word:
    """Tell `or` between doses from a choice, and a whole end of treatment from one that goes on."""
    word = words[place]
    before, after = words[max(0, place - 1)], words[min(place + 1, len(words) - 1)]
    if word.kind == "or" and (before.kind, after.kind) == ("dose", "dose"):
        return replace(word, kind="fill")
    if word.kind == "until" and after.kind in {"or", "join"} and after is not word:
        behind = words[place + 2 : place + 3]
        goes_on = after.kind == "or" or (behind and behind[0].kind in {"word", "or", "till"})
        return replace(word, kind="till") if goes_on else word
    return word


def _agent(mention: Mention | None) -> Word | None:
    """Take an agent."""
    if mention is None:
        return None
    return Word("agent", mention.start, mention.end, mention.words, mention.key, mention)


def _word(text: str, place: int) -> Word:
    """Take the word at a place."""
    found = _ANY.match(text, place)
    if found is None or found.lastgroup is None or found.end() == place:
        return Word("sign", place, place + 1, text[place])
    if found.lastgroup == "c":
        return Word("cycles", place, found.end(), found[0])
    kind, _, value = _KINDS[int(found.lastgroup[1:])][0].partition("_")
    whole = _KINDS[int(found.lastgroup[1:])][0]
    if kind not in {"route", "often"}:
        kind, value = whole, ""
    words = _in_order(found[0]) if kind == "days" else found[0]
    return Word(kind, place, place + len(words), words, value)


def _in_order(words: str) -> str:
    """Cut days before a `day` that begins anew: `days 1 and 15, and day 1 (of later cycles)`."""
    for again in [None, *reversed([*_DAY_AGAIN.finditer(words)])]:
        part = words[: again.start()] if again else words
        if days_of(part):
            return part
    return words
