"""Fields of the acts that oversee which nobody typed freely, and on which the state rests."""

from collections.abc import Mapping
from types import MappingProxyType

OVERSEEN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "delegated": tuple(
            f"payload/{each}"
            for each in ("account", "role", "site", "tasks", "since", "until", "trained_on")
        ),
        "signed": tuple(
            f"payload/{each}"
            for each in ("target", "meaning", "digest", "at", "zone", "authenticated_by")
        ),
        "dose_decided": tuple(
            f"payload/{each}"
            for each in (
                "arm", "cutoff", "act", "level", "cohort_size", "mtd", "rule", "because",
                "counts", "backfilled", "responses", "participants", "advice", "is_overridden",
                "inputs", "attended",
            )
        ),
        **dict.fromkeys(
            ("delegation_ended", "query_raised", "query_opened", "query_answered", "query_closed",
             "query_reopened", "query_resolved", "query_cancelled", "source_verified", "frozen",
             "locked", "unlocked", "rp2d_chosen", "protocol_amended", "amendment_activated",
             "reconsented"),
            ("payload",),
        ),
    }
)  # fmt: skip
"""Act to such fields; a printed name, minutes and every reason and question can be erased."""
