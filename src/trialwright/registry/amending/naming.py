"""What a clause is about: its limits by their names, or else a concept of its words."""

from trialwright.registry.amending.clauses import Clause
from trialwright.registry.amending.saying import listed, name_of
from trialwright.registry.amending.topics import known_topic, topic_of

_MOST_NAMES = 3


def clause_topic(clause: Clause) -> str:
    """Say what a clause is about.

    Parameters
    ----------
    clause : Clause
        Any clause.

    Returns
    -------
    str
        E.g. `ANC, hemoglobin and platelets`, `CNS metastases`.
    """
    measured = [name_of(each) for each in clause.limits if each.kind in ("limit", "performance")]
    if measured and len(clause.own_keys) <= _MOST_NAMES:
        names = list(dict.fromkeys(measured))
        more = len(names) - _MOST_NAMES
        return listed(names[:_MOST_NAMES]) + (" and more" if more > 0 else "")
    return known_topic(clause.text) or topic_of(
        clause.text if clause.is_head else clause.criterion.words
    )
