"""A new signing key takes the place of an old one, for good."""

import json
from dataclasses import replace

import pytest

from trialwright.ledger import chain
from trialwright.ledger.export import read_lines
from trialwright.ledger.findings import Tampering
from trialwright.ledger.receipts import sign
from trialwright.ledger.signing import SigningKey
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.ledger.verify import verify
from trialwright.terms.errors import Refusal

TRIAL = "NCT00000001"
OLD, NEW = SigningKey(bytes(range(32))), SigningKey(bytes(range(1, 33)))
BOTH = (OLD.verifying, NEW.verifying)


def opened(bench, signing):
    """Open the ledger with one of the two keys; the other is known as well."""
    return SqliteLedger.open(
        bench.path,
        signing=signing,
        keys=BOTH,
        checkpoint=bench.checkpoint,
        salts=bench.salts,
    )


def test_a_new_key_takes_over(filled, say_observed):
    """Heads of the old key stay good; those of the new one follow, and all is intact."""
    filled.append(say_observed(11), ledger=opened(filled, NEW))

    receipt = filled.append(say_observed(12), ledger=opened(filled, NEW))

    assert receipt.key_id == NEW.verifying.key_id
    report = opened(filled, NEW).verify(TRIAL, every_signature=True)
    assert (report.discoveries, report.signatures) == ((), 10)


def test_a_replaced_key_signs_no_more(filled, say_observed):
    """A machine that was left with the old key cannot append."""
    filled.append(say_observed(11), ledger=opened(filled, NEW))

    with pytest.raises(Refusal, match="after the signing key had signed"):
        filled.append(say_observed(12), ledger=opened(filled, OLD))
    assert filled.append(say_observed(12), ledger=opened(filled, NEW)).sequence == 12


def forged_onto(bench, key):
    """Give the chain with one happening more, forged and signed with a key."""
    export = read_lines(bench.reader.export_lines(TRIAL))
    last = export.links[-1]
    number = last.envelope.sequence + 1
    fields = {path: json.loads(one.value) for path, one in last.openings.items()}
    link = chain.forge(replace(last.envelope, sequence=number), last.hash, fields, bench.salts)
    head = sign(key, TRIAL, number, number, link.hash, last.envelope.entered_at)
    return (*export.links, link), (*export.heads, head)


@pytest.mark.parametrize(
    ("key", "expected"), [(OLD, [(Tampering.KEY_RETURNED, 12)]), (NEW, [])], ids=["old", "new"]
)
def test_a_head_of_a_replaced_key_is_found(filled, say_observed, key, expected):
    """Who kept the old key and can write to the database still adds nothing unseen."""
    filled.append(say_observed(11), ledger=opened(filled, NEW))

    report = verify(TRIAL, *forged_onto(filled, key), BOTH, filled.receipts)

    assert [(one.kind, one.sequence) for one in report.broken] == expected
