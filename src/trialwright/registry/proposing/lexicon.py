"""The tokens of eligibility criteria, cut by a Lark lexer.

The words are levelled before (`levelling`): small letters, single spaces, equal signs. How criteria
word each token stands in `wordings`.
"""

from functools import cache

from lark import Lark, Token

from trialwright.registry.proposing.wordings import PATTERNS

GRAMMAR = r"""
// The number after the name says which token is tried first where two begin alike.

// comparators
GARBLED.45:      /%(garbled)s/
ABOUT.44:        /%(about)s/
AGE_AT_LEAST.41: /%(age_at_least)s/
AGE_AT_MOST.41:  /%(age_at_most)s/
AT_LEAST.40:     /%(at_least)s/
AT_MOST.40:      /%(at_most)s/
AGE_ABOVE.40:    /%(age_above)s/
AGE_BELOW.40:    /%(age_below)s/
ABOVE.39:        /%(above)s/
BELOW.39:        /%(below)s/
WINDOW.38:       /%(window)s/
WITHIN.37:       /%(within)s/
LAST.36:         /%(last)s/
MORE_TIME.36:    /%(more_time)s/
LESS_TIME.36:    /%(less_time)s/
OR_MORE.35:      /%(or_more)s/
OR_LESS.35:      /%(or_less)s/
OR_BETTER.35:    /%(or_better)s/
OR_WORSE.35:     /%(or_worse)s/
INCLUSIVE.35:    /%(inclusive)s/
EXCLUSIVE.35:    /%(exclusive)s/
BETWEEN.30:      /%(between)s/
NOT.20:          /%(denial)s/
BE.20:           /%(being)s/
FROM.20:         /from(?![a-z0-9])/
TO.20:           /(?:to|through|thru|until)(?![a-z0-9])/
DURING.19:       /%(during)s/
EQUAL.4:         "="

// numbers, units and what they multiply
DAY_FACT.46:     /%(day_fact)s/
TIMES_OVER.42:   /%(times_over)s/
ULN.38:          /%(uln)s/
LLN.38:          /%(lln)s/
NORMAL.37:       /%(normal)s/
ONE_TIME.34:     /%(one_time)s/
HALF_LIVES.34:   /%(half_lives)s/
TIME.33:         /%(time)s/
NUMBER.32:       /%(number)s/
UNIT.31:         /%(unit)s/
TIMES.30:        /%(times)s/
BASELINE.28:     /%(baseline)s/

// what is limited, and what is no limit
DECOY.29:        /%(decoy)s/
SCALE.29:        /%(scale)s/
STATUS.29:       /%(status)s/
LIFE.29:         /%(life)s/
CHANGE.28:       /%(change)s/
AGE.28:          /%(age)s/
OLD.28:          /%(old)s/
FACT.27:         /%(fact)s/
PERSON.26:       /%(person)s/
SEX.26:          /%(sex)s/

// the rest
A.10:            /(?:an?|the|any|some)(?![a-z0-9])/
AND.10:          /(?:and|but|&|as well as|plus)(?![a-z0-9])|&/
OR.10:           /(?:and ?\/ ?or|or)(?![a-z0-9])/
WORD.5:          /%(word)s/
PLUS.3:          "+"
SLASH.3:         "/"
DASH.3:          /-+/
COMMA.3:         ","
COLON.3:         ":"
OPENS.3:         /[(\[{]/
CLOSES.3:        /[)\]}]/
STOP.3:          /[.;\u2022\n]/
SIGN.1:          /[^ ]/
SPACE.99:        / +/
%%ignore SPACE
"""
"""What a token is called, and its pattern."""


@cache
def _lexer() -> Lark:
    """Build the lexer, once."""
    patterns = {name: pattern.replace("/", r"\/") for name, pattern in PATTERNS.items()}
    return Lark(GRAMMAR % patterns, parser=None, lexer="basic")


def tokens_of(text: str) -> list[Token]:
    """Cut levelled words into tokens.

    Parameters
    ----------
    text : str
        Levelled.

    Returns
    -------
    list of lark.Token
        Every sign but white space lies in one of them.
    """
    return list(_lexer().lex(text))
