"""Tables of independent central review: by evaluator, reader against reader, adjudication."""

from collections.abc import Iterator, Sequence

from trialwright.conduct.central_records import READERS
from trialwright.conduct.evaluations import Evaluations, concordance_of
from trialwright.reports.efficacy_tables import ORDER
from trialwright.reports.results import ALL, Result, counted, told

READ = "Best overall response by evaluator (RECIST 1.1)"
AGAINST = "Best overall response: reader 1 in rows, reader 2 in columns"
AGREEMENT = "Agreement of the readers"
DIFFERING = "Differences between the readers"

Found = Sequence[Evaluations]


def reader_tables(found: Found) -> Iterator[Result]:
    """Give every table of central review.

    Parameters
    ----------
    found : sequence of Evaluations
        Of everybody with a dose level.

    Yields
    ------
    Result
        Best response by evaluator; reader against reader; agreement with its limits and the rate of
        adjudication; each difference with what became of it.
    """
    finished = [each for each in found if not each.unfinished]
    for each in found:
        for name, outcome in each.readers.items():
            yield told(READ, each.participant, name, str(outcome.best.response))
        if each.readers:
            central = str(each.outcome.best.response) if each.outcome else "not decided"
            yield told(READ, each.participant, "counts", central)
            yield told(READ, each.participant, "because", each.because)
    table = concordance_of(tuple(found)).table
    for one in ORDER:
        for other in ORDER:
            yield counted(AGAINST, str(one), str(other), table.get((one, other), 0), len(finished))
    yield from _agreement(found, finished)
    for each in finished:
        for place, difference in enumerate(each.differing, start=1):
            row = f"{each.participant} / {place}"
            yield told(DIFFERING, row, f"{READERS[0]} and {READERS[1]}", difference)
            yield told(DIFFERING, row, "counts", each.counted or "nobody has adjudicated")


def _agreement(found: Found, finished: Found) -> Iterator[Result]:
    """Give agreement, kappa and the rate of adjudication."""
    told_of = concordance_of(tuple(found))
    size, level = told_of.of, f"{100 * told_of.conf_level:g} %"
    shown = said = "not estimable"
    if told_of.estimate is not None and told_of.lower is not None and told_of.upper is not None:
        shown = (
            f"{told_of.agreeing}/{size}, {100 * told_of.estimate:.1f} % "
            f"({100 * told_of.lower:.1f} to {100 * told_of.upper:.1f})"
        )
    if told_of.kappa is not None:
        said = f"{told_of.kappa:.3f} ({told_of.kappa_lower:.3f} to {told_of.kappa_upper:.3f})"
    for row, estimate, limits, method, words in (
        ("same best overall response", told_of.estimate, (told_of.lower, told_of.upper),
         "Clopper-Pearson", shown),
        ("Cohen's kappa", told_of.kappa, (told_of.kappa_lower, told_of.kappa_upper),
         "large-sample error", said),
    ):  # fmt: skip
        values = zip(("estimate", "lower limit", "upper limit"), (estimate, *limits), strict=True)
        for statistic, value in values:
            yield Result(AGREEMENT, row, ALL, statistic, value, size, f"{method}, {level}", words)
    called = [each for each in finished if each.differing]
    yield counted(AGREEMENT, "called for adjudication", ALL, len(called), len(finished))
    done = sum(1 for each in called if each.adjudication is not None)
    yield counted(AGREEMENT, "adjudicated", ALL, done, len(called))
