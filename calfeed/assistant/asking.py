"""Pages -> a model's answer, over the chat completions interface, within limits; no page is asked about twice.

In: the pages of a document, `[assistant]` of the settings, the folder of answers, the day. Out: an `Asked`. Whatever
the server does (silence, nonsense, half an answer), calfeed then reads alone and says so: nothing here raises.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from calfeed.assistant.answers import MAX_ANSWER, Answer, Proposed, read_answer
from calfeed.assistant.question import prompt, prompt_version
from calfeed.errors import CalfeedError
from calfeed.fetch import fetch_answer
from calfeed.settings import Assistant

log = logging.getLogger("calfeed.assistant")

_SPENT = "spent.json"
# Tokens that a page may need at most, by its characters: what the budget of a day must still hold.
_CHARACTERS_A_TOKEN = 3


class Asked(Struct, frozen=True, kw_only=True):
    """What asking gave. `answer` is None where calfeed reads alone; `told` says in a line what was asked, of whom, and
    what it cost, or why there is no answer."""

    answer: Answer | None
    told: str


class Spent(Struct, frozen=True, kw_only=True):
    """What was spent on a day, in tokens and in the settings' money."""

    day: date | None = None
    tokens: int = 0
    money: float = 0.0


class _Kept(Struct, frozen=True, kw_only=True):
    """An answer as it came, and the tokens of question and answer."""

    text: str
    asked: int = 0
    answered: int = 0


class _Usage(Struct, frozen=True):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Message(Struct, frozen=True):
    content: str = ""


class _Choice(Struct, frozen=True):
    message: _Message
    finish_reason: str | None = None


class _Completion(Struct, frozen=True):
    choices: list[_Choice]
    usage: _Usage | None = None


def ask(
    pages: Sequence[str],
    assistant: Assistant,
    folder: Path,
    *,
    today: date,
    remote: bool = True,
    loopback: bool = False,
) -> Asked:
    """A model's answer about the pages of a document. `folder` keeps what was answered and spent; without `remote`
    only what it has counts. `loopback` is for tests."""
    began, kept, spent = time.monotonic(), list[_Kept](), read_spent(folder, today)
    before, new = spent, 0
    try:
        for page in pages:
            path = folder / f"{_key(page, assistant)}.json"
            known = _stored(path)
            if known is None:
                if not remote:
                    return Asked(answer=None, told="")
                left = assistant.seconds - (time.monotonic() - began)
                _within(spent, page, assistant, left)
                # What a server did not charge for by its own count is charged by the question's length.
                known = _complete(page, assistant, left, loopback)
                spent = _charged(spent, known, page, assistant)
                new += 1
                read_answer(known.text)
                _write(path, msgspec.json.encode(known))
            kept.append(known)
        answers = [read_answer(one.text) for one in kept]
    except (CalfeedError, ValueError, OSError) as error:
        told = f"the assistant {assistant.model} gave no answer: {_why(error)} calfeed read alone."
        log.warning("%s", told)
        return Asked(answer=None, told=told)
    finally:
        if spent is not before:
            with suppress(OSError):
                _write(folder / _SPENT, msgspec.json.encode(spent))
    answer = Answer(
        proposed=tuple(one for each in answers for one in each.proposed), refused=sum(each.refused for each in answers)
    )
    told = (
        f"the assistant {assistant.model} at {urlsplit(assistant.url).hostname} was asked about {new} of "
        f"{len(pages)} pages: {spent.tokens - before.tokens} tokens, {spent.money - before.money:.4f} "
        f"{assistant.currency}, {time.monotonic() - began:.1f} s."
    )
    log.info("%s", told)
    return Asked(answer=answer, told=told)


def read_spent(folder: Path, today: date) -> Spent:
    """What was spent today; nothing where the file is of another day, missing or damaged."""
    try:
        spent = msgspec.json.decode((folder / _SPENT).read_bytes(), type=Spent)
    except (OSError, msgspec.MsgspecError):
        return Spent(day=today)
    return spent if spent.day == today else Spent(day=today)


def _key(page: str, assistant: Assistant) -> str:
    """The name of a question: prompt, server, model and page."""
    parts = (prompt_version(), assistant.url, assistant.model, page)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _stored(path: Path) -> _Kept | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError):
        return None


def _write(path: Path, octets: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.write_bytes(octets)
    new.replace(path)


def _within(spent: Spent, page: str, assistant: Assistant, left: float) -> None:
    """Raise ValueError where the next question is beyond a limit."""
    if left <= 0:
        raise ValueError(f"it took longer than {assistant.seconds} seconds.")
    if spent.tokens + (len(page) + len(prompt())) // _CHARACTERS_A_TOKEN > assistant.tokens:
        raise ValueError(f"today's {assistant.tokens} tokens would be exceeded.")
    if assistant.money is not None and spent.money >= assistant.money:
        raise ValueError(f"today's {assistant.money} {assistant.currency} are spent.")


def _charged(spent: Spent, kept: _Kept, page: str, assistant: Assistant) -> Spent:
    asked = kept.asked or (len(page) + len(prompt())) // _CHARACTERS_A_TOKEN
    answered = kept.answered or len(kept.text) // _CHARACTERS_A_TOKEN
    cost = (asked * assistant.price_in + answered * assistant.price_out) / 1_000_000
    return Spent(day=spent.day, tokens=spent.tokens + asked + answered, money=spent.money + cost)


def _complete(page: str, assistant: Assistant, seconds: float, loopback: bool) -> _Kept:
    """One question to the server. Raises CalfeedError and ValueError."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if assistant.key:
        key = os.environ.get(assistant.key, "").strip()
        if not key:
            raise ValueError(f"the environment has no {assistant.key}.")
        headers["Authorization"] = f"Bearer {key}"
    octets = fetch_answer(
        f"{assistant.url.rstrip('/')}/chat/completions",
        json.dumps(_body(page, assistant), ensure_ascii=True).encode(),
        headers=headers,
        own=urlsplit(assistant.url).hostname if assistant.private else None,
        loopback=loopback,
        seconds=seconds,
        limit=MAX_ANSWER,
    )
    try:
        told = msgspec.json.decode(octets, type=_Completion)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError("it answers in another form than chat completions.") from error
    if not told.choices:
        raise ValueError("it gave no answer.")
    if told.choices[0].finish_reason == "length":
        raise ValueError("its answer ends in its middle.")
    usage = told.usage or _Usage()
    return _Kept(
        text=told.choices[0].message.content,
        asked=max(0, usage.prompt_tokens),
        answered=max(0, usage.completion_tokens),
    )


def _body(page: str, assistant: Assistant) -> dict[str, Any]:
    (_,), components = msgspec.json.schema_components([Proposed], ref_template="#/$defs/{name}")
    schema = {
        "type": "object",
        "properties": {"events": {"type": "array", "items": {"$ref": "#/$defs/Proposed"}}},
        "required": ["events"],
        "$defs": components,
    }
    return {
        "model": assistant.model,
        "temperature": 0,
        "messages": [{"role": "system", "content": prompt()}, {"role": "user", "content": page}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "events", "schema": schema}},
    }


def _why(error: Exception) -> str:
    if isinstance(error, CalfeedError):
        return error.what
    return str(error) if isinstance(error, ValueError) else f"{error}."
