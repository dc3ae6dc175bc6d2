"""What state machines of acts in any order and on any day have in common."""

from datetime import timedelta

import pytest
from hypothesis.stateful import RuleBasedStateMachine

from trialwright.terms.errors import Refusal


class Motion(RuleBasedStateMachine):
    """Acts on a trial beside a model kept by hand.

    Attributes
    ----------
    trial : trial in memory
        On which acts are done.
    seen : set of (str, bool)
        Each act that was tried, and whether it was allowed.
    """

    def __init__(self, study, say, seen):
        super().__init__()
        self.study, self.say, self.seen = study, say, seen
        self.trial = say.empty(study)
        self.trial.do(say.OPENING)
        self.people = {}

    def day(self, number):
        """Give a day by its number from the opening."""
        return self.say.OPENED + timedelta(days=number)

    def attempt(self, act, actor, is_allowed):
        """Do an act that the model allows or not; a refusal records nothing and says what to do."""
        before = len(self.trial.records)
        self.seen.add((type(act).__name__, bool(is_allowed)))
        if is_allowed:
            self.trial.do(act, actor)
            return
        with pytest.raises(Refusal) as refused:
            self.trial.do(act, actor)
        assert all(each.found and each.allowed and each.do for each in refused.value.faults)
        assert len(self.trial.records) == before
