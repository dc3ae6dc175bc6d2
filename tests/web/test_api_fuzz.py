"""The interface for programs, asked with what its own document allows and does not allow.

Requests are generated from the document by schemathesis; answers are held to it. The same checks
must catch a route that declares a token and asks for none.
"""

from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.config import SchemathesisConfig
from schemathesis.openapi.checks import IgnoredAuth
from tests.sizes import SUITES, sized

CASES = sized(full=11_000, default=90)
"""Requests generated from operations; scenarios along links come on top."""

EVERY = 1 if SUITES else 8
"""Every how manieth act is asked; reads and questions all are."""

SCENARIOS = sized(full=300, default=2)
STEPS = 6

REFUSALS = ["401", "403", "404", "409", "422"]
"""What a request that fits its form may be answered with: the form says nothing of the trial."""

CONFIG = {
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ["2xx", *REFUSALS]},
        "negative_data_rejection": {"expected-statuses": [*REFUSALS, "405"]},
        "missing_required_header": {"expected-statuses": ["401", "422"]},
    }
}
QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much,
         HealthCheck.large_base_example)  # fmt: skip


@pytest.fixture
def asked(trial, token):
    """Give the document bound to the application, the headers of a program, and a tally."""
    from django.core.wsgi import get_wsgi_application

    tally, app = Counter(), get_wsgi_application()

    def counting(environ, start):
        """Count answers by status."""

        def started(status, *rest):
            """Note the status."""
            tally[status[:3]] += 1
            return start(status, *rest)

        environ["HTTP_HOST"] = "testserver"
        return app(environ, started)

    secret = token("principal-investigator").defaults["HTTP_AUTHORIZATION"]
    config = SchemathesisConfig.from_dict(CONFIG)
    document = schemathesis.openapi.from_wsgi("/api/openapi.json", counting, config=config)
    return document, {"Authorization": secret}, tally


def cases_of(document, headers, each, modes):
    """Ask every operation; the first answer that is not as declared ends it."""
    operations = [each.ok() for each in document.get_all_operations()]
    acts = [each for each in operations if "/acts/" in each.path]
    left_out = {each.label for place, each in enumerate(acts) if place % EVERY}
    for operation in operations:
        if operation.label in left_out:
            continue
        for mode in modes:
            try:
                strategy = operation.as_strategy(generation_mode=mode)
            except Exception as failed:  # noqa: BLE001 - named, not passed over
                pytest.fail(f"{operation.label}: {failed}")

            @settings(
                max_examples=each, deadline=None, database=None, derandomize=True,
                suppress_health_check=QUIET, phases=[Phase.generate],
            )  # fmt: skip
            @given(case=strategy)
            def ask(case):
                """Ask once."""
                case.call_and_validate(headers=headers)

            ask()


@pytest.mark.sized
def test_answers_are_as_declared(asked):
    """No error of the server, no answer of another form, none without a token, none let in."""
    document, headers, tally = asked
    modes = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
    operations = document.statistic.operations.total
    each = max(1, CASES // operations // len(modes))

    cases_of(document, headers, each, modes if each > 1 else modes[:1])

    assert not {status for status in tally if status.startswith("5")}
    assert tally["200"]
    assert tally["409"]
    assert tally["422"]


@pytest.mark.sized
def test_links_lead_on(asked):
    """A number that an answer tells is asked for at the next operation."""
    document, headers, tally = asked

    @document.auth()
    class Sent:
        """The token, known to the checks as a good one."""

        def get(self, case, context):
            """Give it."""
            return headers

        def set(self, case, data, context):
            """Send it."""
            case.headers = {**(case.headers or {}), **data}

    run_state_machine_as_test(
        document.as_state_machine(),
        settings=settings(
            max_examples=SCENARIOS, stateful_step_count=STEPS, deadline=None, database=None,
            derandomize=True, suppress_health_check=QUIET, phases=[Phase.generate],
        ),
    )  # fmt: skip

    assert tally["200"]
    assert not {status for status in tally if status.startswith("5")}


def test_a_route_that_asks_for_no_token_is_caught(asked, monkeypatch):
    """Negative control: the document declares a token, and the table lets anybody in."""
    from dataclasses import replace

    from trialwright.web import routes

    document, headers, _ = asked
    opened = replace(routes.ANNOTATED["api_questions"], seen_by=routes.ANYBODY)
    monkeypatch.setitem(routes.ANNOTATED, "api_questions", opened)

    with pytest.raises(BaseExceptionGroup) as caught:
        document["/api/questions"]["GET"].Case().call_and_validate(headers=headers)

    assert [type(each) for each in caught.value.exceptions] == [IgnoredAuth]
