"""The activity that an event belongs to, in its title where that says too little without it (rule 55 of feeds)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from calfeed.model import Draft, Proposal
from calfeed.normalise.facets import matches
from calfeed.settings import Settings


def with_activities(proposals: Sequence[Proposal], settings: Settings) -> tuple[Proposal, ...]:
    """The proposals of a source, the activity before each title that says too little without it: "E-waste: webinars".

    A title does where it stands under another activity too, or is nothing but the name of a kind of event."""
    if not settings.site.activity_in_titles:
        return tuple(proposals)
    under: dict[str, set[str]] = {}
    for proposal in proposals:
        for title in _titles(proposal):
            under.setdefault(title.casefold(), set()).add(activity_of(proposal.entry.outline))
    return tuple(
        with_activity(proposal, settings)
        if any(len(under[title.casefold()]) > 1 or _is_kind(title, settings) for title in _titles(proposal))
        else proposal
        for proposal in proposals
    )


def with_activity(proposal: Proposal, settings: Settings) -> Proposal:
    """A proposal with its activity before its titles."""
    activity = activity_of(proposal.entry.outline)
    drafts = {
        rule: tuple(replace(draft, title=_under(activity, draft, settings)) for draft in made)
        for rule, made in proposal.drafts.items()
    }
    return replace(proposal, drafts=drafts)


def activity_of(outline: Sequence[str]) -> str:
    """The heading of the activity: the last but that of its calendar, "" where there is none."""
    return " ".join(outline[-2].split()) if len(outline) > 1 else ""


def _titles(proposal: Proposal) -> set[str]:
    return {draft.title for made in proposal.drafts.values() for draft in made}


def _under(activity: str, draft: Draft, settings: Settings) -> str:
    title = draft.title
    if not activity or title.casefold().startswith(activity.casefold()):
        return title
    # "Webinars" begins with a capital only because it stood first; German nouns always do.
    opens = title.partition(" ")[0]
    plain = opens[1:].islower() and (draft.lang or "en").partition("-")[0] != "de" and _is_kind(opens, settings)
    return f"{activity}: {title[0].lower() + title[1:] if plain else title}"


def _is_kind(title: str, settings: Settings) -> bool:
    """Whether a title is nothing but words of a facet's vocabulary: "Training workshops"."""
    rest = title
    for facet in settings.facets:
        if "title" in facet.evidence:
            for words in matches(facet.values, title).values():
                rest = rest.replace(words, " ")
    return rest != title and not any(map(str.isalnum, rest))
