"""The words around a limit: when it holds instead of another, for which arm, what it defines."""

import re
from typing import Literal

_WHO = (
    r"(?:patients?|subjects?|participants?|individuals?|those|persons?|people|women|men|females?"
    r"|males?|children|adults?|cases?)"
)
_KNOWN = r"(?:known |documented |proven |confirmed |suspected |a history of |presence of )*"
_AFTER = re.compile(
    r"[,(\[ -]*(?:is |are |will be |would be )?(?:allowed |acceptable |permitted "
    r"|eligible )?(?:only )?[,(]?\s?"
    r"(?:(?:for|in) (?=(?:fe)?males?\b(?! (?:with|who|patients?|subjects?))"
    r"|(?:wo)?men\b(?! (?:with|who)))|(?:(?:is|are) )?(?:for|in|among) (?:all |the |any "
    rf"|only )?{_WHO}(?: (?:with|who have|having|that have))? {_KNOWN}"
    r"|(?:for|in) (?=(?:fe)?males?\b|(?:wo)?men\b|known|documented|liver|hepatic|bone|bony"
    r"|gilbert|hepatocellular|hcc|metasta|disease|tumou?r|case)"
    rf"|(?:if|when|where|provided|unless) (?:there (?:is|are) )?(?:the )?(?:{_WHO} (?:has|have"
    rf"|with) )?(?:due to )?{_KNOWN}"
    r"|(?:except |but )?(?:in|with|for) (?:the )?(?:case|cases|presence|absence|setting|context"
    r"|event)"
    r" of "
    rf"|(?:except )?with {_KNOWN}(?=.{{0,40}}?(?:liver|hepatic|bone|bony|gilbert|metasta|mets"
    r"|involve|infiltrat|disease|syndrome|tumou?r))"
    r"|due to |secondary to |attributable to |because of |[(\[]\s?(?=(?:fe)?males?\b"
    r"|(?:wo)?men\b)|(?=(?:fe)?males?\b|(?:wo)?men\b))",
)
_BEFORE = re.compile(
    r"(?:^|[,;:(\[.\n]|\bor\b|\band\b|\bunless\b|\bexcept\b|\bbut\b|\bhowever\b) ?(?:except "
    r"|unless |or |and |but |however,? |note:? )?"
    rf"(?:(?:for|in|among) (?:all |the |any |those )?{_WHO}(?: (?:with|who have|having"
    rf"|that have))? {_KNOWN}"
    rf"|(?:if|when|where) (?:there (?:is|are) )?(?:the )?(?:{_WHO} (?:has|have"
    rf"|with) )?(?:due to )?{_KNOWN}"
    r"|(?:in|with|for) (?:the )?(?:case|cases|presence|setting|context|event) of "
    rf"|unless (?:there (?:is|are) )?(?:the )?(?:due to )?{_KNOWN}"
    r"|(?:patients?|subjects?|participants?|those|unless) (?:with "
    rf"|who have ){_KNOWN}(?=[^;.\n]*(?:[,:]|\bmust\b|\bshould\b|\bmay\b|\bcan\b|\bare\b"
    r"|\bwill\b))"
    rf"|with {_KNOWN}(?=liver|hepatic|bone|gilbert)"
    r"|(?=(?:fe)?males? ?[:(,]?|(?:wo)?men ?[:(,]?))"
    r"(?P<given>(?:[^;:.()\n]|\.(?=\d)){2,200}?)(?:,? (?:then|who|which|in which case|may|can"
    r"|must|should|are|is|will)"
    r"[^<>=\u2264\u2265\d]{0,60})?[ ,:)]*$"
)
_STOPS = re.compile(
    r"[;()\[\]\n\u2022]|\.(?!\d)|, (?:and|or|but|then)\b|,(?= )"
    r"|\band\b (?=[^,;]{0,40}[<>\u2264\u2265])|\bor\b (?=[^,;]{0,12}[<>\u2264\u2265])"
)
_SMALL_END = re.compile(r"[ ,]+(?:an?|the|their|or|and)$")
_DENIED = re.compile(r"\b(?:unless|except|absence of)\b")
_MEASURING = re.compile(
    r"(?:if |when |as |and )?(?:using|used|by|via|calculated|measured|estimated|determined"
    r"|assessed|according|based|per)\b|(?:the )?(?:cockcroft|cockroft|muga|echo\w*|mdrd)\b"
)
_TIME_ONLY = re.compile(r"(?:at|within) ")
_HOLDS_LIMIT = re.compile(r"[<>=\u2264\u2265]|\d")

_CONDITION = re.compile(
    r"(?:^|[ (,;:\n])(?P<head>(?:if|when|where|whenever|for|in) (?P<who>(?:all |the "
    rf"|those )?{_WHO} )?)"
    r"(?:(?:the|a|an|with|who|whose|have|has|having|baseline|serum|plasma|total|known|elevated"
    r"|abnormal|increased|only"
    r"|their|calculated|measured|level|levels|of|initial|screening|urine|patient|patients|subject"
    r"|subjects|is|are) ){0,6}$"
)
_NOT_A_CONDITION = re.compile(
    r"(?:eligible|ineligible|exclu\w+|included?|enrol\w+|permitted|allowed|acceptable|considered"
    r"|randomi[sz]ed|participate|only|adequate)\W*(?:only |even )?$"
)
_HEAD_CONDITION = re.compile(
    rf"(?:^|[.;\n(] ?|\b(?:if|for|in) )(?:all )?{_WHO} (?:with|who have|having|whose) "
    r"(?:(?:a|an|the|serum|baseline|total|known|elevated|abnormal|increased|calculated"
    r"|urine) ){0,4}$"
)
_SENTENCE_END = re.compile(r"\.(?!\d)|\n")
_EXCLUDED = re.compile(r"\b(?:exclu\w+|ineligible|not (?:be )?(?:eligible|enrol\w+|included))\b")
_OBLIGED = re.compile(
    r"\b(?:must|should|need|needs|are required|required to|have to|will undergo)\b"
)

_MENOPAUSE = re.compile(
    r"menopaus|amenorr|menses|menstrua|child-? ?bearing|oophorectom|ovariectom|hysterectom|fsh\b"
    r"|estradiol|follicle"
)
_CONTRACEPTION = re.compile(
    r"contracep|birth control|child-? ?bearing|pregnan|fertile|vasectom|sterili[sz]|abstain"
    r"|abstinen"
    r"|barrier|sperm|semen|breast-? ?feed|nursing|lactat|intrauterine|reproductive|conceiv|father"
    r"|condom|sexual"
)

_ARMS = re.compile(
    r"(?:^|[(\n;.] ?)(?:for |in |only )?(?:(?:patients?|subjects?|participants?) (?:in|on"
    r"|enrolled (?:in|on|to)|entering) )?"
    r"(?:treatment |study |dose )?(?:arms?|cohorts?|groups?)"
    r" (?P<arms>[a-z](?:(?:,? ?(?:and|or|&) ?|, ?|/)[a-z](?![a-z0-9]))*)(?![a-z0-9])"
    r"(?: ?(?:only|patients?|subjects?|participants?|:|-|,|\)))"
)
_PART = (
    r"(?:phase (?:i{1,3}|1|2|1b|ib|2a|iia|iib)[ab]?(?: ?/ ?(?:i{1,3}|1|2)[ab]?)?"
    r"|(?:cohort|group|part|stage|arm)s? (?:[0-9]+|i{1,3}|[a-z](?![a-z]))[a-z]?"
    r"(?: ?(?:and|or|,|/|&) ?(?:[0-9]+|[a-z])(?![a-z0-9]))*"
    r"|(?:dose[ -])?(?:escalation|expansion) (?:phase|part|cohorts?|portion|stage))"
    r"(?: (?:portion|part|expansion|component|study|patients|subjects|cohorts?))*(?: only)?"
)
_PHASE = re.compile(
    rf"(?:^|[(\n;.] ?)(?P<part>(?:for |in )?(?:the )?{_PART}) ?[:)]"
    rf"|^[\W\d]*(?P<head>(?:for |in )(?:the )?{_PART}),"
)


def given_after(text: str, at: int) -> tuple[str, int]:
    """Give the circumstance that stands after a limit.

    Parameters
    ----------
    text : str
        Levelled.
    at : int, characters
        Where the limit ends.

    Returns
    -------
    given : str
        E.g. `liver metastases`, or with its `unless` or `except`; empty when none stands there.
    end : int, characters
        Where it ends; `at` when there is none.
    """
    found = _AFTER.match(text, at)
    if not found:
        return "", at
    stop = _STOPS.search(text, found.end(), found.end() + 200)
    end = stop.start() if stop else min(len(text), found.end() + 200)
    words = text[found.end() : end].rstrip(" ,-")
    if len(words) < 3 or _TIME_ONLY.match(words) or _MEASURING.match(words):
        return "", at
    first, last = found.end(), found.end() + len(words)
    first += 3 * words.startswith("of ")
    denied = _DENIED.search(text, at, first)
    if denied:
        first = denied.start()
    return text[first:last], last


def given_before(text: str, start: int) -> tuple[str, int]:
    """Give the circumstance that stands before a limit.

    Parameters
    ----------
    text : str
        Levelled.
    start : int, characters
        Where the limit, its subject included, begins.

    Returns
    -------
    given : str
        E.g. `gilbert's syndrome`; empty when none stands there.
    begin : int, characters
        Where its words begin; `start` when there is none.
    """
    window = max(0, start - 220)
    found = _BEFORE.search(text, window, start)
    if not found:
        return "", start
    words = _SMALL_END.sub("", found["given"]).strip(" ,-")
    is_closed = text.startswith(",", found.end("given"))
    if len(words) < 3 or _MEASURING.match(words) or (_HOLDS_LIMIT.search(words) and not is_closed):
        return "", start
    return words, found.start("given")


def condition_of(text: str, start: int, end: int) -> Literal["", "maybe", "always"]:
    """Say whether a number only tells when another limit holds.

    Parameters
    ----------
    text : str
        Levelled.
    start, end : int, characters
        Of the number and what it measures.

    Returns
    -------
    {'', 'maybe', 'always'}
        `always` for the creatinine of `for patients with creatinine > 1.5 x ULN`; `maybe` for that
        of `if creatinine > 1.5 x ULN`, which may be all that a line asks.
    """
    before = text[max(0, start - 90) : start]
    stop = _SENTENCE_END.search(text, end, end + 160)
    rest = text[end : stop.start() if stop else end + 160]
    is_obliged = bool(_OBLIGED.search(rest)) and not _EXCLUDED.search(rest)
    found = _CONDITION.search(before)
    if found and not _NOT_A_CONDITION.search(before[: found.start("head")]):
        is_first = not before[: found.start("head")].strip() and start <= 90
        return "always" if found["who"] or (is_first and is_obliged) else "maybe"
    return "maybe" if _HEAD_CONDITION.search(before) and is_obliged else ""


def arms_of(text: str) -> tuple[str, ...]:
    """Give the arms for which a line holds, by their letters.

    Parameters
    ----------
    text : str
        Levelled.

    Returns
    -------
    tuple of str
        Capital letters, each once; empty for every arm.
    """
    found = _ARMS.search(text)
    if not found:
        return ()
    letters = re.findall(r"(?<![a-z])[a-z](?![a-z])", found["arms"])
    return tuple(sorted({each.upper() for each in letters}))


def part_of_trial(text: str) -> str:
    """Give the part of the trial for which a line holds, where a letter does not name it.

    Parameters
    ----------
    text : str
        Levelled.

    Returns
    -------
    str
        E.g. `phase ii`; empty for all of it.
    """
    found = _PHASE.search(text)
    return (found["part"] or found["head"]).strip() if found else ""


def defines_menopause(text: str) -> bool:
    """Say whether a line speaks of menopause, which an age may define.

    Parameters
    ----------
    text : str
        Levelled.

    Returns
    -------
    bool
        True when it does.
    """
    return bool(_MENOPAUSE.search(text))


def is_contraception(text: str) -> bool:
    """Say whether words speak of contraception, pregnancy or nursing.

    Parameters
    ----------
    text : str
        Levelled.

    Returns
    -------
    bool
        True when they do.
    """
    return bool(_CONTRACEPTION.search(text))
