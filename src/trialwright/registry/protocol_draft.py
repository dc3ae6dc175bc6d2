"""Writing a draft in the form of the protocol file, with what the record does not state left out.

The text is no protocol yet: `protocol.reading.read_study` refuses it and names each gap, and the
comment at its head lists the same gaps.
"""

import re
from collections.abc import Iterator
from itertools import accumulate
from textwrap import wrap

from trialwright.protocol.reading import read_study
from trialwright.protocol.study import Study
from trialwright.protocol.writing import write_plain
from trialwright.registry.draft import Draft, DraftCriterion
from trialwright.registry.draft_arms import DosingLine, DraftArm
from trialwright.registry.draft_public import (
    Plain,
    endpoints_of,
    identifiers_of,
    people_of,
    place_of,
    proposals_of,
    publication_of,
    stated,
)
from trialwright.terms.errors import Fault, Refusal, shorten

SAYS = "As the page says it; to be written in our own words."
"""Stands for the words of a criterion until people write them."""


def draft_yaml(draft: Draft) -> str:
    """Write a draft as YAML text in the form of the protocol file.

    Parameters
    ----------
    draft : Draft
        Any draft.

    Returns
    -------
    str
        What the record states, under the names of `Study`; each criterion as a question to a
        person, with the record's words and their digest. Doses, ladders, designs, windows and
        settings are left out; the comment at the head names each gap, each kept text and each
        remark.
    """
    body = write_plain(drafted(draft))
    head = "".join(f"# {line}\n" if line else "#\n" for line in _head(draft, gaps(body)))
    return f"{head}\n{body}"


def gaps(text: str) -> tuple[Fault, ...]:
    """Say what a drafted protocol lacks.

    Parameters
    ----------
    text : str
        YAML in the form of the protocol file.

    Returns
    -------
    tuple of Fault
        Empty when the text is a protocol. Of a list, only the faults inside are given, not that
        the list as a whole cannot be read for them.
    """
    try:
        read_study(text)
    except Refusal as refusal:
        inside = {
            ".".join(above)
            for fault in refusal.faults
            for above in accumulate([part] for part in fault.where.split(".")[:-1])
        }
        return tuple(fault for fault in refusal.faults if fault.where not in inside)
    return ()


def _head(draft: Draft, faults: tuple[Fault, ...]) -> Iterator[str]:
    """Give the lines of the comment at the head."""
    yield f"Drafted from a {draft.shape}: {shorten(draft.file) or 'no file named'}"
    yield "Every value below stands there. No protocol yet: people must supply what is missing."
    yield ""
    yield "Missing:"
    missing: dict[str, list[str]] = {}
    for fault in faults:
        above, _, name = fault.where.rpartition(".")
        missing.setdefault(name, []).append(above if fault.found == f"no {name!r}" else fault.found)
    for name, places in missing.items():
        said = f"{name}: {', '.join(places)}" if any(places) else name
        yield from wrap(said, 96, initial_indent="  ", subsequent_indent="    ")
    optional = [name for name, each in Study.model_fields.items() if not each.is_required()]
    stated = drafted(draft)
    yield f"May be added: {', '.join(name for name in optional if name not in stated) or 'nothing'}"
    if draft.kept:
        yield ""
        yield "Not understood, and kept word for word under publication.kept:"
        for kept in draft.kept:
            words, because = shorten(kept.words, 200), shorten(kept.because, 200)
            yield f"  {place_of(kept)}: {words} ({because})"
    if draft.remarks:
        yield ""
        yield "To be looked at:"
        for remark in draft.remarks:
            place = f"line {remark.line}: " if remark.line else ""
            yield f"  {place}{shorten(remark.says, 200)}"


def drafted(draft: Draft) -> Plain:
    """Give a draft as plain values under the names of `Study`, in its order.

    Parameters
    ----------
    draft : Draft
        Any draft.

    Returns
    -------
    dict of str to object
        What the record states; nothing else.
    """
    names = _agent_names(draft)
    written: Plain = {
        "format": 1,
        "identifiers": identifiers_of(draft),
        "title": draft.title,
        "summary": draft.summary,
        "phase": draft.phase,
        "trial_type": draft.trial_type.lower(),
        "status": draft.status.lower(),
        "lead_organisation": draft.lead_organisation,
        "investigators": people_of(draft),
        "sites": _sites(draft),
        "objectives": _objectives(draft),
        "endpoints": endpoints_of(draft),
        "cycle_days": draft.cycle_days,
        "agents": _agents(draft, names),
        "arms": [_arm(arm, draft, names) for arm in draft.arms],
        "stop_rules": _stop_rules(draft),
        "follow_up": draft.follow_up.model_dump(exclude_defaults=True) if draft.follow_up else {},
        "terms": dict(_term(each) for each in draft.criteria),
        "criteria": [_criterion(each, draft) for each in draft.criteria],
        "publication": publication_of(draft),
    }
    return {name: value for name, value in written.items() if value not in (None, "", {}, [])}


def _sites(draft: Draft) -> list[Plain]:
    """Give the sites, each under a name of its own."""
    names = _Names("site")
    return [
        stated(
            id=names.give(site.name),
            name=site.name,
            status=site.status.lower(),
            contact=site.contact,
            phone=site.phone,
            email=site.email,
            city=site.city,
            state=site.state,
            zip=site.zip,
            country=site.country,
        )
        for site in draft.sites
    ]


def _objectives(draft: Draft) -> list[Plain]:
    """Give the objectives, named by rank and number."""
    counted: dict[str, int] = {}
    objectives = []
    for each in draft.objectives:
        counted[each.rank] = counted.get(each.rank, 0) + 1
        objectives.append(
            stated(
                id=f"{each.rank}-{counted[each.rank]}",
                rank=each.rank,
                says=each.says,
                assumption=each.assumption,
            )
        )
    return objectives


def _agent_names(draft: Draft) -> dict[str, str]:
    """Give each agent a name of its own, by what is the same in all its spellings."""
    given = (agent for arm in draft.arms for line in arm.dosing for agent in line.choices)
    listed = (intervention.name for intervention in draft.interventions)
    named = (agent for arm in draft.arms for agent in arm.agents)
    names = _Names("agent")
    known: dict[str, str] = {}
    for agent in (*given, *listed, *named):
        if _bare(agent) not in known:
            known[_bare(agent)] = names.give(agent)
    return known


def _bare(agent: str) -> str:
    """Give an agent's letters and digits, in any script: `5-FU` is `5 fu`."""
    return " ".join(re.findall(r"\w+", agent.casefold()))


def _agents(draft: Draft, names: dict[str, str]) -> Plain:
    """Give the agents; class only where the record names one, route only where all arms agree."""
    agents: Plain = {}
    for line in (line for arm in draft.arms for line in arm.dosing):
        for agent in line.choices:
            known = agents.setdefault(names[_bare(agent)], {"says": agent})
            known.setdefault("routes", set()).add(line.route)
            if line.choices != (line.agent,):
                known["agent_class"] = line.agent
            if agent == draft.escalated_agent:
                known["is_investigational"] = True
    for known in agents.values():
        routes = known.pop("routes")
        if len(routes) == 1 and routes != {""}:
            known["route"] = routes.pop()
    for each in draft.interventions:
        known = agents.setdefault(names[_bare(each.name)], {"says": each.name})
        synonyms = [*known.get("synonyms", ()), *each.other_names]
        descriptions = [known.get("description", ""), each.description]
        known |= stated(
            synonyms=list(dict.fromkeys(synonyms)),
            description="\n\n".join(dict.fromkeys(filter(None, descriptions))),
        )
    for agent in (agent for arm in draft.arms for agent in arm.agents):
        agents.setdefault(names[_bare(agent)], {"says": agent})
    return agents


def _arm(arm: DraftArm, draft: Draft, agents: dict[str, str]) -> Plain:
    """Give an arm as far as the page states it."""
    names = _Names("line")
    return stated(
        id=arm.label,
        says=arm.says or arm.title,
        title=arm.title,
        type=arm.type,
        source_text=arm.source_text,
        dosing=[_dosing(line, names, agents, draft.escalated_agent) for line in arm.dosing],
    )


def _dosing(line: DosingLine, names: "_Names", agents: dict[str, str], escalated: str) -> Plain:
    """Give one dosing line; a dose that is not the ladder's is named as missing."""
    cycles = line.cycles
    when = "" if cycles.first == 1 and cycles.last is None else f" cycle {cycles.first}"
    when += " on" if cycles.first > 1 and cycles.last is None else ""
    return stated(
        id=names.give(f"{line.agent}{when}"),
        says=line.says,
        choices=[
            {"agent": agents[_bare(agent)]}
            if agent == escalated
            else {"agent": agents[_bare(agent)], "dose": _dose(line)}
            for agent in line.choices
        ],
        days=[{"first": days.first, "last": days.last} for days in line.days],
        cycles=cycles.model_dump(exclude_defaults=True),
    )


def _dose(line: DosingLine) -> Plain:
    """Give the record's words on a dose; the amount is for people to fill in."""
    if not line.dose:
        return {"origin": "not_in_registry"}
    return {"note": f"The record says {shorten(line.dose, 100)}."}


def _stop_rules(draft: Draft) -> list[Plain]:
    """Give what ends treatment, where every arm states the same."""
    ends = {arm.until for arm in draft.arms}
    return [
        {"id": name_of(end, "end"), "says": f"Treatment ends at {end}.", "ends": "treatment"}
        for end in (dict.fromkeys(ends.pop()) if len(ends) == 1 else ())
    ]


def _term(criterion: DraftCriterion) -> tuple[str, Plain]:
    """Give the question by which a person answers for a criterion."""
    holds = "present" if criterion.is_exclusion else "met"
    asked = f"Is criterion {criterion.id}, as its source text words it, {holds}?"
    return criterion.id.lower(), {"says": asked, "kind": "question"}


def _criterion(criterion: DraftCriterion, draft: Draft) -> Plain:
    """Give a criterion as a question to a person, with the page's words."""
    place = f"{shorten(draft.file)}, {criterion.place}" if draft.file else criterion.place
    return stated(
        id=criterion.id,
        says=SAYS,
        source_text=criterion.source_text,
        source_digest=criterion.digest,
        place=place,
        kind="attested",
        arms=list(criterion.arms),
        rule={"kind": "attested", "question": criterion.id.lower()},
        proposals=proposals_of(criterion),
    )


def name_of(words: str, otherwise: str) -> str:
    """Make a name as the protocol file uses them.

    Parameters
    ----------
    words : str
        Words of the record.
    otherwise : str
        Word put before what does not begin with a letter.

    Returns
    -------
    str
        Lower-case words joined by hyphens, at most 50 characters.
    """
    plain = "-".join(re.findall(r"[a-z0-9]+", words.lower()))
    if not plain[:1].isalpha():
        plain = f"{otherwise}-{plain}".strip("-")
    return plain[:50].strip("-")


class _Names:
    """Makes names that differ."""

    def __init__(self, otherwise: str) -> None:
        self.otherwise = otherwise
        self.given: dict[str, int] = {}

    def give(self, words: str) -> str:
        """Make a name; a number is added to one given before."""
        plain = name = name_of(words, self.otherwise)
        number = self.given.get(plain, 1)
        while name in self.given:
            number += 1
            name = f"{plain}-{number}"
        self.given[name] = 1
        self.given[plain] = number
        return name
