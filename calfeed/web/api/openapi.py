"""The description of the API (OpenAPI 3.1), made from the types that it answers with.

Response schemas are JSON Schema 2020-12 as msgspec writes it of the same types that encode the answers; parameters are
the fields of the types that read them, and the facets of the settings.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from calfeed import __version__
from calfeed.feeds.selection import ASKED, MAX_QUERY, MAX_VALUES
from calfeed.feeds.text import hyphened
from calfeed.web.api.problems import MEDIA_TYPE, Problem
from calfeed.web.api.query import Paging, Window
from calfeed.web.api.resources import EventAnswer, EventsAnswer, FacetsAnswer, FeedsAnswer, FullCalendarEvent

Json = dict[str, Any]

ANSWERS = (EventsAnswer, EventAnswer, FeedsAnswer, FacetsAnswer, FullCalendarEvent, Problem)
EMPTY: Json = {"const": ""}
FRESH = {
    "Calfeed-Generation": "The id of the published generation.",
    "Calfeed-Editions": "Each source and the day of its edition: programme=2013-01-15.",
    "ETag": "A strong validator: send it as If-None-Match, and an unchanged answer is a 304.",
}


class Parameters(Struct, frozen=True):
    """What of a site stands in its description: `facets` are name, title and values of each."""

    url: str
    name: str
    languages: tuple[str, ...]
    facets: tuple[tuple[str, str, tuple[str, ...]], ...]


class Operation(Struct, frozen=True, kw_only=True):
    """One address, as the page shows it: its own parameters, each with its name, what it is for and what it takes.

    `selects`: it takes a selection too."""

    path: str
    summary: str
    description: str
    parameters: tuple[tuple[str, str, str], ...]
    selects: bool


def describe(site: Parameters) -> Json:
    """The OpenAPI document of a site."""
    _, components = msgspec.json.schema_components(ANSWERS, ref_template="#/components/schemas/{name}")
    selection = _selection(site)
    lang = _lang(site)
    uid = {
        "name": "uid",
        "in": "path",
        "required": True,
        "description": "The event's UID without the host.",
        "schema": {"type": "string", "minLength": 1},
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{site.name}: API",
            "version": __version__,
            "description": "Events, feeds and facets of the calendar, read-only and without a key.",
        },
        "servers": [{"url": site.url}],
        "paths": {
            "/api/v1/events": _get(
                "listEvents",
                "Events",
                "The events of a selection, by date, the undated last; page by page.",
                [*selection, *_fields(Paging)],
                _ref("EventsAnswer"),
                links=True,
            ),
            "/api/v1/events/{uid}": _get(
                "getEvent", "One event", "An event with its history and its place in the source.",
                [uid, lang], _ref("EventAnswer"), absent=True, links=True,
            ),
            "/api/v1/feeds": _get("listFeeds", "Feeds", "All feeds with their addresses.", [], _ref("FeedsAnswer")),
            "/api/v1/facets": _get(
                "listFacets", "Facets", "The values that events are grouped by, counted within a selection.",
                selection, _ref("FacetsAnswer"),
            ),
            "/api/v1/fullcalendar": _get(
                "listFullCalendar", "FullCalendar", "The dated events as FullCalendar's JSON feed takes them.",
                [*selection, *_fields(Window)], {"type": "array", "items": _ref("FullCalendarEvent")},
            ),
        },
        "components": {"schemas": components},
    }  # fmt: skip


def operations(document: Json) -> tuple[Operation, ...]:
    """The addresses of an OpenAPI document that `describe` made, for people."""
    shared = {name for name, _, _ in selection_parameters(document)}
    made = []
    for path, methods in document["paths"].items():
        get = methods["get"]
        told = tuple(_told(one) for one in get["parameters"])
        selects = shared <= {name for name, _, _ in told}
        made.append(
            Operation(
                path=path,
                summary=get["summary"],
                description=get["description"],
                parameters=tuple(one for one in told if not (selects and one[0] in shared)),
                selects=selects,
            )
        )
    return tuple(made)


def selection_parameters(document: Json) -> tuple[tuple[str, str, str], ...]:
    """What makes a selection, as `operations` tells parameters: facets takes nothing else."""
    return tuple(_told(one) for one in document["paths"]["/api/v1/facets"]["get"]["parameters"])


def _told(parameter: Json) -> tuple[str, str, str]:
    return parameter["name"], parameter["description"], _form(parameter["schema"])


def _get(
    name: str,
    summary: str,
    what: str,
    parameters: list[Json],
    schema: Json,
    *,
    absent: bool = False,
    links: bool = False,
) -> Json:
    told = FRESH | ({"Link": "Addresses that belong to this one (RFC 8288)."} if links else {})
    headers = {header: {"description": text, "schema": {"type": "string"}} for header, text in told.items()}
    problem = {"content": {MEDIA_TYPE: {"schema": _ref("Problem")}}}
    answers: Json = {
        "200": {
            "description": what,
            "headers": {header: value | {"required": True} for header, value in headers.items()},
            "content": {"application/json": {"schema": schema}},
        },
        "304": {"description": "Unchanged since the answer with the ETag that was sent."},
        "400": {"description": "A parameter or value that does not exist; the nearest is named.", **problem},
    }
    if absent:
        answers["404"] = {"description": "There is no such event.", **problem}
    answers["503"] = {"description": "No calendar is published yet.", **problem}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "description": what,
            "parameters": parameters,
            "responses": answers,
        }
    }


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _query(name: str, description: str, schema: Json, **more: object) -> Json:
    """A parameter; an empty one counts as not given, as a form sends it."""
    if "items" in schema:
        schema = schema | {"items": _or_empty(schema["items"])}
    elif schema.get("type") != "string" or {"enum", "format", "anyOf"} & schema.keys():
        schema = _or_empty(schema)
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema, **more}


def _or_empty(schema: Json) -> Json:
    return {"anyOf": [schema, EMPTY]}


def _selection(site: Parameters) -> list[Json]:
    facets = [
        _query(
            name,
            f"{title}: any of these; at most {MAX_VALUES} values of all facets together.",
            {
                "type": "array",
                "items": {"type": "string", "enum": [hyphened(one) for one in values]},
            },
            style="form",
            explode=True,
        )
        for name, title, values in site.facets
        if values
    ]
    day = {"type": "string", "format": "date"}
    return [
        *facets,
        _query("q", "Words that must all occur.", {"type": "string", "maxLength": MAX_QUERY}),
        _query("from", "The first day that events may touch.", day),
        _query("to", "The last day that events may touch, not before from.", day),
        _query(
            "flavour",
            "exact: only events whose days are known. undated: only those that have no date, or had none at first.",
            {"type": "string", "enum": list(ASKED)},
        ),
        _lang(site),
    ]


def _lang(site: Parameters) -> Json:
    return _query(
        "lang", "The language of dates in words and of names.", {"type": "string", "enum": list(site.languages)}
    )


def _fields(own: type[Struct]) -> list[Json]:
    """The fields of a type as parameters; JSON Schema's description moves to the parameter."""
    (_,), components = msgspec.json.schema_components([own])
    made = []
    for name, schema in components[own.__name__]["properties"].items():
        told = dict(schema)
        if "anyOf" in told:
            told["anyOf"] = [one for one in told["anyOf"] if one != {"type": "null"}]
            told.pop("default")
        made.append(_query(name, str(told.pop("description", "")), told))
    return made


def _form(schema: Json) -> str:
    """A schema in a few words: "basel, rotterdam or stockholm", "day", "number from 1 to 500"."""
    if "items" in schema:
        return _form(schema["items"])
    if "enum" in schema:
        return ", ".join(schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_form(one) for one in schema["anyOf"] if one != EMPTY)
    if schema.get("type") == "integer":
        return f"number from {schema['minimum']} to {schema['maximum']}"
    return {"date": "day", "date-time": "instant"}.get(schema.get("format", ""), "text")
