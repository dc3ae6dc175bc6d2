"""The OpenAPI document, made from the acts, the questions and the typed answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from pydantic import BaseModel

from trialwright import __version__
from trialwright.conduct.act_forms import act_schemas
from trialwright.questions.asking import QUESTIONS, answer_schema, schema
from trialwright.web.api import told
from trialwright.web.api.acting import KEY
from trialwright.web.api.board_told import BoardTold
from trialwright.web.api.reading import MOST_CYCLES, MOST_ENTRIES, MOST_SEQUENCE, USUAL_CYCLES
from trialwright.web.api.replies import (
    CREATED,
    DONE,
    FORBIDDEN,
    NOT_FOUND,
    REFUSED,
    UNAUTHORISED,
    UNREADABLE,
    programs,
)

_AT = "#/components/schemas/"

_AS_OF = {"name": "as_of", "in": "query", "schema": {"type": "string", "format": "date"},
          "description": "What happened later is left out; today if not given."}  # fmt: skip
_NUMBER = {"name": "number", "in": "path", "required": True,
           "schema": {"type": "string", "pattern": "^[A-Za-z0-9-]{1,40}$"},
           "description": "Study number."}  # fmt: skip
_SEQUENCE = {"name": "sequence", "in": "path", "required": True,
             "schema": {"type": "integer", "minimum": 1, "maximum": MOST_SEQUENCE},
             "description": "Place of the entry in the chain."}  # fmt: skip
_RETRY = {"name": "Idempotency-Key", "in": "header", "required": True,
          "schema": {"type": "string", "pattern": KEY},
          "description": "The same for all retries of one request: done once."}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """A read of the interface.

    Attributes
    ----------
    at, name, says : str
        Address, name of the operation, what it tells.
    answer : type
        The typed answer.
    parameters : tuple of dict
        Of path and query.
    links : tuple of (str, str, str)
        Name of a parameter of another operation, that operation, and where its value stands in
        this answer.
    """

    at: str
    name: str
    says: str
    answer: type[BaseModel]
    parameters: tuple[dict[str, Any], ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()


def _whole(name: str, least: int, most: int, usual: int) -> dict[str, Any]:
    """Describe a whole number of the query."""
    bounds = {"type": "integer", "minimum": least, "maximum": most, "default": usual}
    return {"name": name, "in": "query", "schema": bounds}


_FIRST = "$response.body#/participants/0/number"
_OWN = "$response.body#/number"

READS = (
    Read("/api/trial", "trial", "The trial.", told.TrialTold,
         links=(("sequence", "entry", "$response.body#/sequence"),)),
    Read("/api/participants", "participants", "Where everybody stands whom the account sees.",
         told.ParticipantsTold, (_AS_OF,),
         (("number", "participant", _FIRST), ("number", "calendar", _FIRST))),
    Read("/api/participants/{number}", "participant", "Where a participant stands.",
         told.ParticipantTold, (_NUMBER, _AS_OF),
         (("number", "calendar", _OWN), ("sequence", "entry", "$response.body#/entries/0"))),
    Read("/api/participants/{number}/calendar", "calendar",
         "Planned visits, each with the rule that made it.", told.CalendarTold,
         (_NUMBER, _AS_OF, _whole("cycles", 1, MOST_CYCLES, USUAL_CYCLES)),
         (("number", "participant", "$response.body#/participant"),)),
    Read("/api/cohorts", "cohorts", "The cohort board.", BoardTold, (_AS_OF,)),
    Read("/api/due", "due", "Visits that are due or overdue.", told.DueListTold, (_AS_OF,),
         (("number", "participant", "$response.body#/due/0/participant"),)),
    Read("/api/entries", "entries", "A page of the ledger.", told.EntriesTold,
         (_whole("after", 0, MOST_SEQUENCE, 0), _whole("limit", 1, MOST_ENTRIES, 100)),
         (("sequence", "entry", "$response.body#/entries/0/sequence"),)),
    Read("/api/entries/{sequence}", "entry", "An entry of the ledger.", told.EntryTold,
         (_SEQUENCE,)),
    Read("/api/verify", "verify", "Verify the ledger, every signature included.",
         told.VerifiedTold),
    Read("/api/questions", "questions", "The questions that can be asked.", told.QuestionsTold),
)  # fmt: skip
"""Every read."""


@programs("GET")
def document(request: HttpRequest) -> HttpResponse:
    """Give the document.

    Parameters
    ----------
    request : HttpRequest
        Of anybody: it tells the form of the interface and nothing of the trial.

    Returns
    -------
    HttpResponse
        OpenAPI 3.1.
    """
    return JsonResponse(openapi())


@cache
def openapi() -> Mapping[str, Any]:
    """Make the document.

    Returns
    -------
    mapping of str to object
        OpenAPI 3.1, with security, links and the schema of each act.
    """
    schemas: dict[str, Any] = {}
    paths = {each.at: {"get": _read(each, schemas)} for each in READS}
    for name in QUESTIONS:
        paths[f"/api/questions/{name}"] = {"post": _question(name, schemas)}
    forms, shared = act_schemas(_AT + "{model}")
    schemas |= shared
    for name, form in forms.items():
        paths[f"/api/acts/{name}"] = {"post": _act(name, form, schemas)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Trialwright", "version": __version__,
            "description": "Acts and reads of one trial, through the same gateway as its pages.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "security": [{"token": []}],
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }  # fmt: skip


def _read(read: Read, schemas: dict[str, Any]) -> dict[str, Any]:
    """Describe a read."""
    answered: dict[str, Any] = _content(_of(read.answer, schemas), "Answered.")
    if read.links:
        answered["links"] = {
            f"{operation}-{parameter}": {
                "operationId": operation, "parameters": {parameter: value},
            }
            for parameter, operation, value in read.links
        }  # fmt: skip
    described: dict[str, Any] = {
        "operationId": read.name,
        "summary": read.says,
        "responses": {str(DONE): answered, **dict(_refusals(schemas))},
    }
    return {**described, "parameters": list(read.parameters)} if read.parameters else described


def _question(name: str, schemas: dict[str, Any]) -> dict[str, Any]:
    """Describe a question: its case and its answer, as published."""
    case = _lifted(schema(name), f"{name}-case-", schemas)
    answer = _lifted(answer_schema(name), f"{name}-answer-", schemas)
    return {
        "operationId": f"ask-{name}",
        "summary": QUESTIONS[name].says,
        "requestBody": _body(case),
        "responses": {str(DONE): _content(answer, "Answered."), **dict(_refusals(schemas))},
    }


def _act(name: str, form: Mapping[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """Describe an act; its receipt leads to the entry it became."""
    done = _of(told.DoneTold, schemas)
    links = {
        "entry": {
            "operationId": "entry",
            "parameters": {"sequence": "$response.body#/receipt/sequence"},
        }
    }
    return {
        "operationId": f"act-{name}",
        "summary": str(schemas.get(name, {}).get("description", name)),
        "parameters": [_RETRY],
        "requestBody": _body(form),
        "responses": {
            str(CREATED): {**_content(done, "Done and recorded."), "links": links},
            str(DONE): {**_content(done, "Done before, under the same key."), "links": links},
            str(REFUSED): _content(_of(told.Faults, schemas), "Refused; nothing was recorded."),
            **dict(_refusals(schemas)),
        },
    }


def _refusals(schemas: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Describe what every operation may answer."""
    faults = _of(told.Faults, schemas)
    for status, says in (
        (UNAUTHORISED, "No token that can be used."),
        (FORBIDDEN, "Not for this role."),
        (NOT_FOUND, "None that this account sees."),
        (UNREADABLE, "Not of the form that is asked for."),
    ):
        yield str(status), _content(faults, says)


def _content(schema_of: Mapping[str, Any], says: str) -> dict[str, Any]:
    """Describe an answer in JSON."""
    return {"description": says, "content": {"application/json": {"schema": schema_of}}}


def _body(schema_of: Mapping[str, Any]) -> dict[str, Any]:
    """Describe what is sent."""
    return {"required": True, "content": {"application/json": {"schema": schema_of}}}


def _of(answer: type[BaseModel], schemas: dict[str, Any]) -> dict[str, Any]:
    """Give the schema of a typed answer."""
    made = answer.model_json_schema(mode="serialization")
    return _lifted(made, "", schemas)


def _lifted(made: dict[str, Any], prefix: str, schemas: dict[str, Any]) -> dict[str, Any]:
    """Move definitions to where OpenAPI keeps them."""
    for name, each in made.get("$defs", {}).items():
        schemas[prefix + name] = _pointed(each, prefix)
    rest = {name: each for name, each in made.items() if name not in ("$defs", "$schema")}
    pointed: dict[str, Any] = _pointed(rest, prefix)
    return pointed


def _pointed(node: Any, prefix: str) -> Any:
    """Point to definitions where they stand now; say in one sentence what a thing is."""
    if isinstance(node, list):
        return [_pointed(each, prefix) for each in node]
    if not isinstance(node, dict):
        return node
    moved = {name: _pointed(value, prefix) for name, value in node.items()}
    if isinstance(node.get("$ref"), str):
        moved["$ref"] = node["$ref"].replace("#/$defs/", _AT + prefix)
    if isinstance(node.get("description"), str):
        moved["description"] = node["description"].partition("\n\nAttributes")[0]
    return moved
