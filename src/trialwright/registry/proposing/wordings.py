"""How criteria word what a token of `lexicon` is: patterns of levelled words, one for each token.

`LEAD` and the other names in capitals are parts; `PATTERNS` gives the wholes by name. A space
stands for white space of any length, which levelling made single.
"""

import re

from trialwright.registry.proposing.analytes import spellings
from trialwright.registry.proposing.units import PATTERN as UNITS

NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        (
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
            "eighteen", "nineteen", "twenty", "twenty-one",
        )
    )
}  # fmt: skip
NUMBER_WORDS |= {"twenty one": 21, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}
"""Number words with their numbers."""

END = r"(?![a-z0-9])"
"""Where a word ends."""

_COUNTS = "(?:" + "|".join(sorted(NUMBER_WORDS, key=len, reverse=True)) + ")"
_NEXT_COUNT = r"(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|twenty)"

_OR = r"(?:or|or is|or are|and|and/or|/|,)"
_OR_EQUAL = rf",?(?: ?{_OR})? ?(?:is )?(?:equals?|=)(?: ?(?:to|than)(?![a-z]))?(?![a-z])"
_THAN = r" ?-?(?:than|that|then)(?![a-z])"
_MORE = r"(?:greater|more|higher|larger|longer|superior|bigger|later)"
_LESS = r"(?:less|lower|smaller|fewer|shorter|inferior|earlier)"
_EQUAL_OR = r"(?:equals?(?: to)?|at|=) ?(?:or|and|/) ?"
_SIGN_END = r"(?: ?/? ?(?:=|or ?=|or equal to|to(?![a-z])|than(?![a-z])))?"
_SIGN_EQUAL = rf"(?: ?{_OR})? ?(?:=|equals?(?: to)?(?![a-z]))(?: ?to(?![a-z]))?"
_ALSO = r"(?:, ?)?(?:[(] ?)?(?:or|and|&|/) ?"
_ALSO_END = r"[)]?(?! ?(?:than|the|to(?![a-z])|i?uln|lln|[<>=\u2264\u2265\d]|of(?![a-z])))" + END
_AGE_LIMIT = r"(?: limit| requirement)?(?: of(?![a-z])|:| is(?![a-z]):?| =)?"

_DIGITS = (
    r"\d{1,3}(?:[,']\d{3})+(?:\.\d+)?|\d{1,3}(?:, ?000)+"
    r"|\d{1,3}(?: \d{3})+(?= ?(?:/|cells|platelets|per ))"
    r"|\d+,\d{1,2}(?= ?(?:x|times|g/|mg|mmol|umol|uln|g ))|\d+\.\d+|(?<![a-z0-9])\.\d+|\d+"
)
_GLUED = (
    r"(?=(?:x|k|m?secs?|ms|mm|mgs?|g|gm|kg|kgs|ml|dl|ul|ug|u|iu|yrs?|years?|y|d|h|days?|weeks?"
    r"|wks?|months?|mos?|hours?|hrs?|s|cells|percent|times|fold|mmol|umol|i?uln|unl|lln|c|f|cm|to"
    r"|or|and|bpm|pg|ng|neutrophils|platelets|meq|l|mmhg|n)(?![a-z0-9])"
    r"|x ?(?:\d|i?uln|upper|the |institution|normal|unl)|mm[3^\u00b3]|mm hg|ml/|cells|[mg]?g/dl)"
)

_OF_LIMIT = (
    r"(?:of|for|the|normals?|normality|ranges?|limits?|values?|levels?|institution(?:al|'s|s)?"
    r"|local|labs?|laborator(?:y|ies)(?:'s)?|reference|site(?:'s|s)?|central|center(?:'s)?|clinical"
    r"|hospital(?:'s)?|by|age|adjusted|specific|study|testing|performing|respective|applicable|each"
    r"|their|its|our|an?|assay|test|standards?|treating|participating|investigational)"
)
_LIMIT_END = (
    r"(?:limits?|normals?|normality|norm|ranges?|values?|levels?|standards?|institution|laboratory"
    r"|lab|site)"
)
_LEAD = (
    r"(?:(?:the|their|its|our|each|an?|institution(?:al|'s|s)?|institutions'|local"
    r"|lab(?:oratory)?(?:'s)?|labs?|laboratories'|reference|site(?:'s)?|central|hospital|respective"
    r"|age-? ?adjusted|age-? ?specific|applicable|established|normal)[ -]){0,4}"
)
_ULN = r"(?:i?uln(?:r|rr|'s|s)?|unl|ulrr|ulnl|unr)"
_LLN = r"(?:i?llnr?|lnl)"
_NORMAL = (
    r"(?:limits? of (?:the )?(?:institutional )?normal(?: range| limits?)?"
    r"|normal(?:[ -](?:institutional|institution|laboratory|lab|reference))?"
    r"(?:[ -](?:limits?|ranges?|values?|levels?))?|reference (?:ranges?|limits?|values?)"
    r"|(?:(?<=x )|(?<=[x\d])|(?<=\d ))n)"
)

_WHOLE_TIME = r"(?:(?:calendar|consecutive|full|complete|completed|whole|continuous) )?"
_TIME = (
    r"(?:hours?|days?|weeks?|wks?\.?|months?|mos?\.?(?=\W|$)|mths?\.?|years?|yrs?\.?"
    r"|(?:(?<=[\d-])|(?<=\d )|(?<=\) ))(?:hrs?\.?|[hdy](?:/o)?)|minutes?)(?:\(s\))?'?"
)
_LONG_TIME = r"(?:years?|yrs?|months?|weeks?|days?)"
_OF_HALF_LIFE = (
    r"(?:(?:drug|elimination|terminal|plasma|serum|biological|biologic|known|reported|mean|product"
    r"|effective|estimated|documented|pharmacological) ?-? ?){0,3}"
)


def _named(words: tuple[str, ...]) -> str:
    """Write spellings as one pattern: white space may be a hyphen or missing, a plural ends in s.

    They are gathered by their first letter, so that most words are passed over at one look.
    """
    by_letter: dict[str, list[str]] = {}
    for word in dict.fromkeys(each.lower() for each in words):
        pattern = re.escape(word).replace(r"\ ", "[ -]{0,2}").replace("/", " ?/ ?")
        by_letter.setdefault(word[0], []).append(pattern.removeprefix(re.escape(word[0])) + "s?")
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in by_letter.items())


PATTERNS = {
    "at_least": (
        rf"{_MORE}(?:{_THAN})?{_OR_EQUAL}|{_EQUAL_OR}{_MORE}(?:{_THAN}| to(?![a-z]))?"
        rf"|at ?-?least|at the least|at a minimum of|(?:a |the )?minimum(?: of| is|:)?{END}"
        rf"|minimal(?:ly)?{END}|min\.?(?= ?\d)"
        rf"|(?:equals?(?: to)?|at|=) (?:or|and) (?:above|over|exceeds?){END}"
        rf"|\u2265{_SIGN_END}|>{_SIGN_EQUAL}|> ?_|_ ?>|= ?/? ?>|= ?or ?>|>? ?than or equal to"
    ),
    "at_most": (
        rf"{_LESS}(?:{_THAN})?{_OR_EQUAL}|{_EQUAL_OR}{_LESS}(?:{_THAN}| to(?![a-z]))?"
        rf"|at (?:the )?most{END}|up to(?: and including| a maximum of)?{END}"
        rf"|(?:a |the )?max(?:imum|imal|imally)?(?: of| is|:|\.)?{END}"
        rf"|(?:equals?(?: to)?|at|=) (?:or|and) (?:below|under){END}"
        rf"|not to exceed{END}|(?:not|without) exceeding{END}"
        rf"|\u2264{_SIGN_END}|<{_SIGN_EQUAL}|< ?_|_ ?<|= ?/? ?<|= ?or ?<"
    ),
    "above": (
        rf"{_MORE}{_THAN}|superior to{END}|exceed(?:s|ed|ing)?{END}|in excess of{END}"
        rf"|(?:above|over|beyond|upwards of){END}|>(?: ?than(?![a-z]))?(?![<>])"
    ),
    "below": (
        rf"{_LESS}{_THAN}|inferior to{END}|(?:below|under|beneath){END}"
        r"|<(?: ?than(?![a-z]))?(?![<>])"
    ),
    "garbled": (
        r"[\u00b2\u00b3\u00a3\u00a1\ufffd\u00bf?]+(?= ?\d)|\u00e2\u2030[\u00a4\u00a5](?= ?\d)"
        r"|[<>\u2264\u2265=]*(?:<>|><|>>|<<|> <|< >|\u2265 ?\u2264|\u2264 ?\u2265|>\u2264|<\u2265)"
        r"[<>\u2264\u2265=]*"
    ),
    "about": r"[~\u00b1\u2248\u223c](?= ?\d)|(?:about|approximately|approx\.|around|circa)(?= \d)",
    "age_at_least": (
        rf"(?:minimum|min\.?|minimal) age{_AGE_LIMIT}{END}|lower age limit{_AGE_LIMIT}"
        rf"|(?:older|elder)(?:{_THAN})?{_OR_EQUAL}|at least or older than"
    ),
    "age_at_most": (
        rf"(?:maximum|max\.?|maximal) age{_AGE_LIMIT}{END}|upper age limit{_AGE_LIMIT}"
        rf"|younger(?:{_THAN})?{_OR_EQUAL}|not? (?:be )?older than{END}"
    ),
    "age_above": rf"(?:over|above)(?: the)? age(?: of)?{END}|older than(?: the age of)?{END}",
    "age_below": rf"(?:under|below)(?: the)? age(?: of)?{END}|younger than(?: the age of)?{END}",
    "denial": rf"(?:not|no|cannot|can't|never|don't|doesn't|isn't){END}",
    "being": rf"(?:be|been|being|is|are|was|were|have been|has been|to be|do|does){END}",
    "between": (
        r"(?:in |within )?(?:a |the )?(?:range of|between|ranging from|ranging between|range from"
        rf"|range:)(?: the)?(?: ages?(?: of)?)?{END}"
    ),
    "window": (
        r"(?:within|in|during|over|for|throughout|for at least)(?: the)? (?:last|past|previous"
        r"|prior|preceding|most recent|immediate past|immediately preceding)"
        rf"(?= (?:{_NEXT_COUNT}|a |[a-z]+teen|calendar|month|week|year))"
    ),
    "within": rf"within(?: a period of| a minimum of the| the span of)?{END}",
    "last": rf"(?:last|past|previous|preceding)(?= {_NEXT_COUNT})",
    "during": rf"(?:in|during|over)(?: the)?(?= {_NEXT_COUNT})",
    "or_more": (
        rf"{_ALSO}(?:older|over|above|more|greater|higher|up|upwards?|longer|beyond){_ALSO_END}"
    ),
    "or_less": (
        rf"{_ALSO}(?:younger|less|below|lower|fewer|under|shorter|smaller){_ALSO_END}"
    ),
    "or_better": rf"{_ALSO}better{_ALSO_END}",
    "or_worse": rf"{_ALSO}worse{_ALSO_END}",
    "more_time": (
        rf"(?:{_ALSO}(?:older|more|greater|longer|above|over) |\+ ?){_LONG_TIME}{END}"
    ),
    "less_time": rf"{_ALSO}(?:younger|less|fewer|shorter) {_LONG_TIME}{END}",
    "inclusive": r",? ?[(]? ?(?:both |all |ages? )*inclusive(?:ly)?(?: of both)? ?[)]?",
    "exclusive": r"[(]? ?exclusive(?:ly)? ?[)]?",
    "number": (
        rf"(?:{_DIGITS})(?:(?![a-z0-9]|[.,]\d)|{_GLUED})(?: ?\( ?{_COUNTS} ?\))?"
        rf"|{_COUNTS}(?: ?\( ?\d+ ?\))?{END}"
    ),
    "unit": rf"(?:(?<=[\d)])|(?<=[\d)] ))(?:{UNITS})",
    "time": rf"(?:- ?)?{_WHOLE_TIME}{_TIME}{END}",
    "one_time": (
        "(?:" + "|".join(f"(?<={word} )" for word in ("last", "past", "previous", "prior",
        "preceding", "calendar")) + rf")(?:year|month|week){END}"
    ),
    "half_lives": (
        rf"(?:(?:x|times)(?: of)? )?(?:the |its |their )?{_OF_HALF_LIFE}"
        r"(?:half ?-? ?(?:lives|life|lifes)|t ?1/2|t\u00bd)(?:\(s\))?"
    ),
    "times_over": (
        r"(?:times|x|fold) (?:(?:greater|higher|more) than|above|over|greater|higher)"
        r"(?= (?:the |an? |their |its )?(?:[a-z']+ )?(?:i?uln|unl|upper|normal))"
    ),
    "times": (
        rf"(?:x|\*|-? ?times|-? ?fold){END}|x(?=\d|i?uln|unl|upper|the |institution|normal)"
        r"|\*(?=\d|uln|upper)"
    ),
    "uln": (
        rf"{_LEAD}(?:upper(?:[ -]{_OF_LIMIT}){{0,9}}[ -]{_LIMIT_END}|{_ULN})"
        rf"(?: ?[(\[] ?(?:the )?{_ULN} ?[)\]])?{END}"
    ),
    "lln": (
        rf"{_LEAD}(?:lower(?:[ -]{_OF_LIMIT}){{0,9}}[ -]{_LIMIT_END}|{_LLN})"
        rf"(?: ?[(\[] ?(?:the )?{_LLN} ?[)\]])?{END}"
    ),
    "baseline": rf"(?:the |their |patient's )?baseline(?: values?| levels?)?{END}",
    "normal": rf"{_LEAD}{_NORMAL}{END}",
    "fact": rf"(?:{_named(tuple(word for word in spellings() if not word[0].isdigit()))}){END}",
    "day_fact": rf"(?:{_named(tuple(word for word in spellings() if word[0].isdigit()))}){END}",
    "change": (
        r"(?:drop|decline|decrease|reduction|fall|increase|rise|change|worsening|improvement"
        r"|fluctuation|gain|loss)s?(?= (?:in|of|from|to)(?![a-z])|,| ?[<>\u2264\u2265])"
        rf"|(?:weight|blood|hair|hearing) (?:loss|gain|change){END}|nab-paclitaxel"
        r"|albumin-? ?bound|platelet transfusions?|calcium channel"
        r"|(?:calcium|magnesium|potassium) supplement\w*"
    ),
    "decoy": (
        r"(?:grades?|gr\.|ctcae|nci-ctc\w*|ctc|stages?|nyha|child[- ]pugh|gleason|ki ?-? ?67"
        r"|mib-?1|tumou?r sizes?|diameters?|dimensions?|staining|stained|pd-?l-?1"
        r"|tumou?r proportion score|tps|cps|tmb|copy numbers?|fsh|lh|hcg|beta-hcg|estradiol"
        r"|follicle[ -]stimulating hormone|luteini[sz]ing hormone|oestradiol|e2|t-?scores?"
        r"|z-?scores?|pack|cigarettes?|alcohol|drinks?|failure rate|allele|expression|recist|class"
        r"|hr(?=[+-]| ?positive| ?negative|/her)"
        rf"|classification|karyotype|probability|h-?score|allred){END}"
        r"|(?:er|pr(?!(?: ?\(pq\))? ?-?interval)|pgr|her ?-?2(?:/?-?neu)?|ihc|fish|sish|cish"
        rf"|(?:estrogen|progesterone|hormone|oestrogen) receptors?)[+-]?{END}"
    ),
    "scale": (
        r"(?:eastern co-? ?operative oncology group(?:'s)?(?: ?[(\[] ?ecog ?[)\]])?"
        r"|ecog(?:-acrin)?|zubrod(?:'s)?|swog|southwest oncology group|karnofsky(?:'s)?|karnofski"
        r"|karnovsky|kps|lansky(?:'s)?|lps|world health organi[sz]ation(?: ?[(\[] ?who ?[)\]])?"
        rf"|who){END}"
    ),
    "status": (
        r"(?:performance (?:status|score|scale|level|index|state)(?:es|s)?"
        rf"(?: scale| score| \(ps\))?|perf(?:ormance)? stat(?:us)?|ps){END}"
    ),
    "age": r"(?:ages?|aged)(?![a-z0-9-])",
    "old": rf"(?:- ?)?(?:of age|in age|-?old|years? of age|years?-? ?old|y\.?/?o\.?){END}",
    "life": (
        r"(?:(?:anticipated |estimated |expected |predicted |projected |minimum |probable )?"
        r"life[ -]?(?:expectanc(?:y|ies)|span|time expectancy)"
        r"|(?:expected|anticipated|estimated|predicted|projected|probable)(?: overall)?"
        r" (?:survival|lifespan|lifetime)(?: time| duration)?|survival expectancy"
        rf"|expectancy of (?:life|survival)|expected to (?:live|survive)|prognosis|expectancy){END}"
    ),
    "person": (
        r"(?:patients?|subjects?|participants?|individuals?|adults?|persons?|people|candidates?"
        rf"|volunteers?|children|pts\.?){END}"
    ),
    "sex": rf"(?:females?|males?|women|woman|men|man|gender|sex(?:es)?){END}",
    "word": (
        r"(?:i\.e\.?|e\.g\.?|vs\.|approx\.|dr\.|st\.|no\.|etc\.|resp\.|incl\.|pt\.)"
        r"|[^\W\d_]\w*(?:['-]\w+)*|\d\w*[^\W\d_]\w*|\d+(?:[.,]\d+)*"
    ),
}  # fmt: skip
"""The pattern of each token that `lexicon` names in `%(...)s`."""
