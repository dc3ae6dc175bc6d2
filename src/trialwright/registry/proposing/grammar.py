"""The grammar of bounds: how comparators, numbers, units and multiples are put together.

A bound is an amount with the comparator that stands beside it; an amount that has none is kept as
such. The longest bound that begins at a token is read by Lark's LALR parser.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput
from lark.common import LexerConf
from lark.lexer import Lexer

from trialwright.registry.proposing.amounts import (
    NO_COMPARATOR,
    NORMAL_ALONE,
    Amount,
    Bound,
    Side,
    number_of,
)
from trialwright.registry.proposing.units import Unit, unit_of

GRAMMAR = """
start: bound

?bound: op amount                              -> compared
      | op amount suffix                       -> compared_twice
      | amount suffix                          -> suffixed
      | number (MORE_TIME | LESS_TIME) OLD?    -> time_or_more
      | op amount (TO | DASH) op amount        -> between_ops
      | op amount (TO | DASH) amount           -> half_open
      | op multiple                            -> at_limit
      | range
      | window
      | amount                                 -> stated

op: comparator                                 -> op
  | NOT BE* comparator                         -> negated
  | comparator OPENS comparator CLOSES         -> op
  | OPENS comparator CLOSES                    -> op
  | comparator comparator                      -> op
  | comparator A                               -> op

?comparator: AT_LEAST | AT_MOST | ABOVE | BELOW | AGE_AT_LEAST | AGE_AT_MOST | AGE_ABOVE | AGE_BELOW
           | GARBLED
           | ABOUT
           | EQUAL

range: BETWEEN amount (AND | TO | DASH) amount ending?     -> ranged
     | FROM? amount (TO | DASH) amount ending?             -> ranged
     | BETWEEN op amount (AND | TO | DASH) op amount       -> between_ops
ending: INCLUSIVE | EXCLUSIVE | OPENS INCLUSIVE CLOSES

window: WITHIN A? LAST? amount                 -> within
      | WITHIN A? LAST? op amount              -> compared_within
      | WITHIN OPENS amount CLOSES             -> within_brackets
      | WITHIN range                           -> range_within
      | WITHIN multiple                        -> within_limit
      | WINDOW amount                          -> within
      | WINDOW ONE_TIME                        -> within_one
      | LAST amount                            -> within
      | DURING LAST? amount                    -> during
      | DURING op amount                       -> compared_within

suffix: OR_MORE | OR_LESS | OR_BETTER | OR_WORSE | PLUS | OPENS OR_MORE CLOSES

amount: number                                 -> plain
      | number UNIT                            -> with_unit
      | number TIME OLD?                       -> with_time
      | number OLD                             -> with_old
      | number HALF_LIVES                      -> with_half_lives
      | number (TIMES | TIMES_OVER) multiple   -> with_multiple
      | number multiple                        -> with_multiple
      | multiple TIMES number                  -> multiple_first

number: NUMBER
multiple: ULN | LLN | BASELINE | NORMAL

%declare AT_LEAST AT_MOST ABOVE BELOW AGE_AT_LEAST AGE_AT_MOST AGE_ABOVE AGE_BELOW NOT BE EQUAL
%declare GARBLED ABOUT BETWEEN FROM TO WITHIN WINDOW LAST DURING OR_MORE OR_LESS OR_BETTER OR_WORSE
%declare TIMES_OVER MORE_TIME LESS_TIME INCLUSIVE EXCLUSIVE A NUMBER UNIT TIME HALF_LIVES TIMES
%declare ONE_TIME ULN LLN BASELINE NORMAL OLD AND PLUS DASH OPENS CLOSES
"""
"""How an amount and its comparator are put together; the tokens are those of `lexicon`."""

_SIDE: dict[str, Side] = {
    "AT_LEAST": "at_least",
    "AT_MOST": "at_most",
    "ABOVE": "above",
    "BELOW": "below",
    "AGE_AT_LEAST": "at_least",
    "AGE_AT_MOST": "at_most",
    "AGE_ABOVE": "above",
    "AGE_BELOW": "below",
    "OR_MORE": "at_least",
    "PLUS": "at_least",
    "OR_LESS": "at_most",
}
_NEGATED: dict[str, Side] = {
    "ABOVE": "at_most",
    "BELOW": "at_least",
    "AGE_ABOVE": "at_most",
    "AGE_BELOW": "at_least",
}
_TIMES = {
    "mi": "minutes",
    "h": "hours",
    "d": "days",
    "w": "weeks",
    "mo": "months",
    "mt": "months",
    "y": "years",
}


@dataclass(frozen=True, slots=True)
class _Op:
    """A comparator as read: its side, or why it has none."""

    side: Side | None
    doubt: str = ""
    manner: str = ""


class _Values(Transformer[Token, Any]):
    """Give the value of each part of the grammar."""

    def start(self, parts: list[Any]) -> Bound:
        """Give the bound itself."""
        bound: Bound = parts[0]
        return bound

    def number(self, parts: list[Token]) -> Decimal | None:
        """Read digits or a number word."""
        return number_of(str(parts[0]))

    def multiple(self, parts: list[Token]) -> str:
        """Say what is multiplied."""
        kind = parts[0].type
        return kind if kind in ("ULN", "LLN") else kind.lower()

    def plain(self, parts: list[Any]) -> Amount:
        """Give a number alone."""
        return Amount(parts[0])

    def with_unit(self, parts: list[Any]) -> Amount:
        """Give a number with its unit."""
        return _with_unit(parts[0], unit_of(str(parts[1]).strip()))

    def with_time(self, parts: list[Any]) -> Amount:
        """Give a time."""
        time = re.sub(r"^[- ]*(?:(?!minutes|mos?\b)[a-z]{4,} )?", "", str(parts[1]))
        start = next(each for each in _TIMES if time.startswith(each))
        return Amount(parts[0], time=_TIMES[start], is_age=len(parts) > 2)

    def with_old(self, parts: list[Any]) -> Amount:
        """Give an age in years whose unit stands in the words."""
        return Amount(parts[0], time="years" if "year" in parts[1] else "", is_age=True)

    def with_half_lives(self, parts: list[Any]) -> Amount:
        """Give a number of half-lives."""
        return Amount(parts[0], time="half-lives")

    def with_multiple(self, parts: list[Any]) -> Amount:
        """Give a multiple."""
        return Amount(parts[0], times=parts[-1])

    def multiple_first(self, parts: list[Any]) -> Amount:
        """Give a multiple whose number stands last."""
        return Amount(parts[-1], times=parts[0])

    def op(self, parts: list[Any]) -> _Op:
        """Read a comparator; two that stand together must agree."""
        signs = [each for each in parts if each.type not in ("OPENS", "CLOSES", "A")]
        if any(each.type == "ABOUT" for each in signs):
            return _Op(None, f"the words say about: {' '.join(signs)}")
        if any(each.type in ("GARBLED", "EQUAL") for each in signs):
            return _Op(None, f"its comparator is garbled: {' '.join(signs)}")
        sides = {_SIDE[each.type] for each in signs}
        if len(sides) > 1:
            return _Op(None, f"its comparators differ: {' '.join(signs)}")
        manner = "age" if any(each.type.startswith("AGE") for each in signs) else ""
        return _Op(_SIDE[signs[0].type], manner=manner)

    def negated(self, parts: list[Token]) -> _Op:
        """Turn a comparator after `not`: not less than is at least."""
        sign = parts[-1]
        side = _NEGATED.get(sign.type)
        manner = "age" if sign.type.startswith("AGE") else ""
        return _Op(side, "" if side else f"its comparator is denied: {' '.join(parts)}", manner)

    def compared(self, parts: list[Any]) -> Bound:
        """Give a bound with its comparator."""
        return _bound(parts[0], parts[1])

    def compared_twice(self, parts: list[Any]) -> Bound:
        """Give a bound with comparators before and after, which must agree."""
        op, amount, suffix = parts
        if suffix.type == "PLUS" and amount.is_plain:  # `>= 2+` on a dipstick
            return _bound(op, replace(amount, unit=Unit("{+}", "plus")))
        if suffix.type in ("OR_BETTER", "OR_WORSE") or _SIDE[suffix.type] == op.side:
            return _bound(op, amount)
        return Bound((), amount, "its comparators differ")

    def suffixed(self, parts: list[Any]) -> Bound:
        """Give a bound whose comparator follows."""
        amount, suffix = parts
        if suffix.type in ("OR_BETTER", "OR_WORSE"):
            word = "better" if suffix.type == "OR_BETTER" else "worse"
            return Bound((), amount, "what is better depends on the scale", suffix=word)
        manner = "plus" if suffix.type == "PLUS" else ""
        return Bound(((_SIDE[suffix.type], amount),), amount, manner=manner)

    def time_or_more(self, parts: list[Any]) -> Bound:
        """Give `18+ years` and `4 or more weeks`."""
        unit = re.search(r"[a-z]+$", str(parts[1]))
        start = unit[0][:2] if unit and unit[0].startswith("mo") else unit[0][:1] if unit else ""
        amount = Amount(parts[0], time=_TIMES[start], is_age=len(parts) > 2)
        side: Side = "at_least" if parts[1].type == "MORE_TIME" else "at_most"
        return Bound(((side, amount),), amount)

    def suffix(self, parts: list[Token]) -> Token:
        """Give the suffix without brackets."""
        return next(each for each in parts if each.type not in ("OPENS", "CLOSES"))

    def at_limit(self, parts: list[Any]) -> Bound:
        """Give a bound at a limit of normal itself: once that limit."""
        op, limit = parts
        amount = Amount(Decimal(1), times=limit)
        if limit == "normal":
            return Bound((), amount, NORMAL_ALONE)
        return _bound(op, amount)

    def within_limit(self, parts: list[Any]) -> Bound:
        """Give a bound of what lies within a limit of normal."""
        return self.at_limit([_Op("at_most" if parts[-1] == "ULN" else None, "within"), parts[-1]])

    def within(self, parts: list[Any]) -> Bound:
        """Give a time that is not over, or a multiple that is not passed."""
        amount: Amount = parts[-1]
        if amount.time:
            return Bound((("below", amount),), amount, manner="within")
        if amount.times in ("ULN", "normal"):
            return Bound((("at_most", amount),), amount, manner="within")
        return Bound((), amount, "within what is not said", manner="within")

    def within_one(self, parts: list[Any]) -> Bound:
        """Give `within the last year`: the words name one."""
        bound = self.within([self.with_time([Decimal(1), parts[-1]])])
        return replace(bound, because=f"'last {parts[-1]}' names one without a number")

    def within_brackets(self, parts: list[Any]) -> Bound:
        """Give `within (6 months)`."""
        return self.within([parts[2]])

    def during(self, parts: list[Any]) -> Bound:
        """Give a time in which something was, which counts back only if the words say so."""
        amount: Amount = parts[-1]
        if amount.time:
            return Bound((("below", amount),), amount, manner="during")
        return Bound((), amount, NO_COMPARATOR)

    def compared_within(self, parts: list[Any]) -> Bound:
        """Give a window that has a sign as well; `within at least` may mean either."""
        op, amount = parts[-2:]
        if op.side in ("at_most", "below"):
            return replace(_bound(op, amount), manner="within")
        return Bound((), amount, "within and its comparator contradict each other")

    def range_within(self, parts: list[Any]) -> Bound:
        """Give a range after `within`; of times it says nothing certain."""
        bound: Bound = parts[-1]
        if bound.amount.time:
            return Bound((), bound.amount, "a range of times after within")
        return bound

    def ranged(self, parts: list[Any]) -> Bound:
        """Give both bounds of a range, the first with the unit of the second if it has none."""
        amounts = [each for each in parts if isinstance(each, Amount)]
        low, high = _shared(amounts[0], amounts[1])
        if any(isinstance(each, str) and each == "exclusive" for each in parts):
            return Bound((("above", low), ("below", high)), high)
        return Bound((("at_least", low), ("at_most", high)), high)

    def ending(self, parts: list[Token]) -> str:
        """Say whether the ends of a range belong to it."""
        return "exclusive" if any(each.type == "EXCLUSIVE" for each in parts) else "inclusive"

    def between_ops(self, parts: list[Any]) -> Bound:
        """Give a range whose ends have comparators."""
        ops = [each for each in parts if isinstance(each, _Op)]
        amounts = [each for each in parts if isinstance(each, Amount)]
        doubt = next((each.doubt for each in ops if each.side is None), "")
        if doubt:
            return Bound((), amounts[1], doubt)
        first, second = _shared(amounts[0], amounts[1])
        sides = tuple(
            (op.side, each) for op, each in zip(ops, (first, second), strict=True) if op.side
        )
        return Bound(sides, second)

    def half_open(self, parts: list[Any]) -> Bound:
        """Give `>= 18 to 75`; after any other comparator a second number has no plain side."""
        op = parts[0]
        low, high = _shared(*[each for each in parts if isinstance(each, Amount)])
        if op.side == "at_least":
            because = "the upper number stands after 'to' without a comparator of its own"
            return Bound((("at_least", low), ("at_most", high)), high, because=because)
        return Bound((), high, "the second number of the range has no comparator of its own")

    def stated(self, parts: list[Any]) -> Bound:
        """Give an amount alone."""
        return Bound((), parts[0], NO_COMPARATOR)


def _with_unit(number: Decimal | None, unit: Unit) -> Amount:
    """Give a number with its unit; digits that may be thousands are no number."""
    if unit.code == "10*3":
        return Amount(number * 1000 if number is not None else None, Unit("", "count"))
    may_be_thousands = (
        number is not None
        and unit.measures == "count"
        and unit.code.startswith("/")
        and number.as_tuple().exponent == -3
    )
    return Amount(None if may_be_thousands else number, unit)


def _bound(op: _Op, amount: Amount) -> Bound:
    """Give a bound of one comparator."""
    if op.side is None:
        return Bound((), amount, op.doubt or NO_COMPARATOR)
    return Bound(((op.side, amount),), amount, manner=op.manner)


def _shared(first: Amount, second: Amount) -> tuple[Amount, Amount]:
    """Give the first amount of a range the unit of the second, where it has none."""
    if first.is_plain and not second.is_plain:
        first = replace(second, number=first.number)
    elif second.is_plain and not first.is_plain:
        second = replace(first, number=second.number)
    is_age = first.is_age or second.is_age
    return replace(first, is_age=is_age), replace(second, is_age=is_age)


class _AsGiven(Lexer):
    """Hand tokens on that were cut before."""

    def __init__(self, lexer_conf: LexerConf) -> None:
        """Need nothing of the settings."""

    def lex(self, lexer_state: Any, parser_state: Any = None) -> Any:
        """Give the tokens as they are."""
        return iter(lexer_state)


@cache
def _parser() -> Lark:
    """Build the parser, once."""
    return Lark(GRAMMAR, parser="lalr", lexer=_AsGiven, transformer=_Values())


def longest_bound(tokens: list[Token]) -> tuple[Bound | None, int]:
    """Read the longest bound that begins with the first token.

    Parameters
    ----------
    tokens : list of lark.Token
        Of levelled words.

    Returns
    -------
    bound : Bound or None
        None where no bound begins here.
    length : int
        How many tokens it takes.
    """
    length = len(tokens)
    while length:
        try:
            bound: Any = _parser().parse(tokens[:length])
        except UnexpectedInput as stopped:
            length = _before(tokens, length, stopped)
        else:
            return bound, length
    return None, 0


def _before(tokens: list[Token], length: int, stopped: UnexpectedInput) -> int:
    """Give the number of tokens before the one at which reading stopped; always fewer."""
    token = getattr(stopped, "token", None)
    for place in range(length):
        if tokens[place] is token:
            return place
    return length - 1
