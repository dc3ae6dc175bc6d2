"""What stands at the head of every page of a participant until somebody acts on it."""

from django import template

from trialwright.conduct.state import ParticipantState
from trialwright.conduct.warned_medicines import standing_warnings
from trialwright.web import desk

register = template.Library()


@register.inclusion_tag("web/warned.html")
def warned(participant: ParticipantState) -> dict[str, object]:
    """Show what redactions took, and questions about watched medicines that nobody has answered.

    Parameters
    ----------
    participant : ParticipantState
        Whose page it is.

    Returns
    -------
    dict of str to object
        For the template.
    """
    state = desk.state().as_at(participant.site)
    told = standing_warnings(state, participant, desk.today())
    return {"warned": told, "number": participant.number, "lost": participant.unreadable}
