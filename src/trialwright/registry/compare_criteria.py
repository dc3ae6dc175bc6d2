"""Whether a record's criteria are in the words that a protocol was written from."""

from collections.abc import Iterator

from trialwright.protocol.criteria import Criterion
from trialwright.protocol.study import Study
from trialwright.registry.comparison import Seen
from trialwright.registry.draft import Draft, DraftCriterion

WORDS = "criteria"
"""Group of the bullets' words."""


def seen_criteria(draft: Draft, study: Study) -> Iterator[Seen]:
    """Look at the criteria: how many, in which words, for which arms.

    Parameters
    ----------
    draft : Draft
        The record as read.
    study : Study
        The protocol.

    Yields
    ------
    Seen
        One in the group `criteria` for each bullet of the record.
    """
    yield from _counts(draft, study)
    sources = _sources(draft, study)
    read = {bullet.digest for bullet in draft.criteria}
    for bullet in draft.criteria:
        source = sources.get(bullet.id)
        here = study.criterion(bullet.id)
        has_moved = here is not None and here.source_digest in read
        yield _words(bullet, None if has_moved else here, source)
        if source is not None and source.arms != bullet.arms:
            yield _other_arms(bullet, source)
    yield from _moved([(each, sources[each.id]) for each in draft.criteria if each.id in sources])
    changed = {bullet.id for bullet in draft.criteria if bullet.id not in sources}
    for criterion in study.criteria:
        if criterion.source_digest not in read and criterion.id not in changed:
            says = f"{criterion.id} of the protocol has no bullet on the page: {criterion.says}"
            yield Seen("gone", criterion.id, "", criterion.says, is_same=False, says=says)


def _sources(draft: Draft, study: Study) -> dict[str, Criterion]:
    """Give for each bullet whose words are known the criterion written from them."""
    by_digest: dict[str, list[Criterion]] = {}
    for criterion in study.criteria:
        if criterion.source_digest:
            by_digest.setdefault(criterion.source_digest, []).append(criterion)
    return {
        bullet.id: next((each for each in written if each.id == bullet.id), written[0])
        for bullet in draft.criteria
        if (written := by_digest.get(bullet.digest))
    }


def _counts(draft: Draft, study: Study) -> Iterator[Seen]:
    """Look at the number of criteria in each list."""
    promised = [each.is_exclusion for each in study.criteria]
    for name, read, written in (
        ("inclusion criteria", len(draft.inclusion), promised.count(False)),
        ("exclusion criteria", len(draft.exclusion), promised.count(True)),
    ):
        yield Seen("counts", name, str(read), str(written), read == written)


def _words(bullet: DraftCriterion, here: Criterion | None, source: Criterion | None) -> Seen:
    """Look at the words of one bullet."""
    if source is not None:
        return Seen(WORDS, bullet.id, bullet.digest, source.source_digest, is_same=True)
    if here is None:
        says = f"{bullet.id} ({bullet.place}) is in words from which no criterion was written."
    elif not here.source_digest:
        says = (
            f"The protocol does not keep from which words {bullet.id} was written, so whether the"
            " bullet changed is unknown."
        )
    else:
        says = f"{bullet.id} ({bullet.place}) is not in the words this protocol was written from."
    digest = here.source_digest if here else ""
    return Seen(WORDS, bullet.id, bullet.digest, digest, is_same=False, says=says)


def _other_arms(bullet: DraftCriterion, source: Criterion) -> Seen:
    """Say that a bullet names other arms than its criterion."""
    named, meant = ", ".join(bullet.arms), ", ".join(source.arms)
    says = (
        f"{bullet.id}: for {_arms(bullet.arms)} on the page, for {_arms(source.arms)} in the"
        " protocol."
    )
    return Seen("criterion arms", bullet.id, named, meant, is_same=False, says=says)


def _moved(pairs: list[tuple[DraftCriterion, Criterion]]) -> Iterator[Seen]:
    """Say which criteria stand at another place, runs of them together."""
    runs: list[list[tuple[str, str]]] = []
    for here, there in ((bullet.id, source.id) for bullet, source in pairs):
        if here == there:
            continue
        before = runs[-1][-1] if runs else ("", "")
        if before == (_before(here), _before(there)):
            runs[-1].append((here, there))
        else:
            runs.append([(here, there)])
    for run in runs:
        (here, there), (last_here, last_there) = run[0], run[-1]
        if len(run) > 1:
            here, there = f"{here} to {last_here}", f"{there} to {last_there}"
        verb = "stand" if len(run) > 1 else "stands"
        says = f"{there} of the protocol {verb} on the page as {here}."
        yield Seen("place", here, here, there, is_same=False, says=says)


def _before(criterion: str) -> str:
    """Give the id of the place before."""
    return f"{criterion[0]}{int(criterion[1:]) - 1:02d}"


def _arms(arms: tuple[str, ...]) -> str:
    """Say to which arms a criterion applies."""
    return f"arm {' and '.join(arms)}" if arms else "every arm"
