"""A language model may propose events; the document decides.

    tree --question--> texts --client--> answers --grounding--> what the document says of each --both--> entries

In: a survey of a document, and what a model answered about it. Out: the entries of both readers. A quotation that does
not stand in the document is dropped; a day is published only where calfeed reads it in the document itself. Must not
know: facets, the catalogue, feeds.
"""

from calfeed.assistant.answers import Answer, Proposed, read_answer
from calfeed.assistant.asking import Asked, ask
from calfeed.assistant.both import Merged, merge, told_of
from calfeed.assistant.question import pages_of

__all__ = ["Answer", "Asked", "Merged", "Proposed", "ask", "merge", "pages_of", "read_answer", "told_of"]
