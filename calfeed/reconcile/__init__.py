"""Catalogue + what a source says now -> new catalogue and what changed.

In: the stored catalogue, the proposals of one source's entries, the instant and a maker of UIDs. Out: a
`Reconciliation`: the new catalogue and every difference, conflict and held removal. Must not know: files, networks,
the clock, how dates or documents are read.

The merge is three-way: what calfeed last wrote (the digests in `revision.content`, and for a changed entry its stored
text read again), what the editor made of it (the stored event), what the document says now (the drafts).
"""

from calfeed.reconcile.edition import reconcile
from calfeed.reconcile.life import content
from calfeed.reconcile.results import Conflict, Difference, Held, Kind, Proposer, Reconciliation
from calfeed.reconcile.settle import depart, resume, settle

__all__ = [
    "Conflict",
    "Difference",
    "Held",
    "Kind",
    "Proposer",
    "Reconciliation",
    "content",
    "depart",
    "reconcile",
    "resume",
    "settle",
]
