"""E-mail (.eml, RFC 5322): its headers as pairs, its text as the richest part gives it, attachments named as left.

An invitation within it (text/calendar) states its events; what else is attached is a document of its own.
"""

from __future__ import annotations

from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage, Message

from calfeed.documents import html, ics, plain
from calfeed.documents.build import outline, span
from calfeed.documents.decode import clean, decode
from calfeed.documents.language import guess
from calfeed.documents.tree import Node, NodeKind, Progress, Tree
from calfeed.errors import DocumentError, Spot
from calfeed.model import Where

_HEADERS = ("Subject", "Date", "From", "To", "Cc", "Reply-To")
_MAX_PARTS = 500
_MAX_HEADER = 2_000


def read(content: bytes, *, source: str, lang: str | None = None, progress: Progress | None = None) -> Tree:
    """The tree of a message. Lines are those of the text within it; headers have none.

    Raises DocumentError where the message has no text, or more parts than a person sends.
    """
    try:
        message = message_from_bytes(content, policy=policy.default)
        parts = [part for _, part in zip(range(_MAX_PARTS), message.walk(), strict=False)]
        body = message.get_body(preferencelist=("html", "plain")) if isinstance(message, EmailMessage) else None
    except (RecursionError, AttributeError, KeyError, ValueError, LookupError) as error:
        raise DocumentError(
            "the parts of this message nest too deep, or are damaged.",
            spot=Spot(source),
            mend="Save the part that holds the programme and give that.",
        ) from error
    headers = _headers(message)
    subject = next((header.text for header in headers if header.label == "Subject"), None)
    left: list[str] = []
    nodes: list[Node] = []
    if isinstance(body, EmailMessage):
        nodes = list(_text(body, source))
    for part in parts:
        if part.is_multipart() or part is body or not isinstance(part, EmailMessage):
            continue
        if part.get_content_type() == "text/calendar":
            nodes.extend(ics.read(_decoded(part, source), source=source).root.children)
        elif name := part.get_filename():
            left.append(f"The attachment {name} was not read: give it as a source of its own.")
    if not nodes:
        raise DocumentError("this message has no text.", spot=Spot(source), mend="Give its attachment as a source.")
    found = (*headers, *outline(nodes))
    words = " ".join(node.text for top in found for node in top.walk() if node.text)
    return Tree(
        source=source,
        media_type="message/rfc822",
        root=Node(kind=NodeKind.DOCUMENT, text=subject or "", children=found, where=span(found)),
        lang=lang or guess(words),
        title=subject,
        left=tuple(left),
    )


def _headers(message: Message) -> list[Node]:
    """The headers that a reader sees, each as a note. Long ones are cut: an address list is no programme."""
    raw = {name.lower(): str(value)[:_MAX_HEADER] for name, value in reversed([*message.raw_items()])}
    found: list[Node] = []
    for name in _HEADERS:
        value = raw.get(name.lower(), "").replace("\r", " ").replace("\n", " ")
        try:
            value = str(make_header(decode_header(value)))
        except (HeaderParseError, LookupError, ValueError):
            value = value.strip()
        if text := " ".join(clean(value).split()):
            found.append(Node(kind=NodeKind.NOTE, label=name, text=text, where=Where(lines=(1, 1))))
    return found


def _text(body: EmailMessage, source: str) -> list[Node]:
    text = _decoded(body, source)
    if body.get_content_type() == "text/html":
        return html.fragment(text, source=source, first=1)
    # Quoted lines of an earlier message say what somebody else wrote before.
    lines = text.split("\n")
    quoted = [line.startswith(">") for line in lines]
    nodes = plain.nodes([line for line, quote in zip(lines, quoted, strict=True) if not quote])
    return [*nodes, *(_quoted(lines, quoted))]


def _quoted(lines: list[str], quoted: list[bool]) -> list[Node]:
    text = "\n".join(line.lstrip("> ") for line, quote in zip(lines, quoted, strict=True) if quote)
    return [Node(kind=NodeKind.NOTE, label=">", text=text.strip())] if text.strip() else []


def _decoded(part: EmailMessage, source: str) -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    return clean(decode(content, charset=part.get_content_charset(), source=source))
