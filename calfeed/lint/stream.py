"""An iCalendar stream as its bytes have it: physical lines, content lines, components (RFC 5545, sections 3.1 to 3.6).

Nothing is repaired and nothing raises: what cannot be understood is kept, marked, for the rules to report.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_PHYSICAL = re.compile(rb"([^\r\n]*)(\r\n|\n|\r|\Z)")
_NAME = re.compile(r"[A-Za-z0-9-]+(?=[;:])")
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
_PARAMETER_VALUE = re.compile(r'"[^"]*"|[^,"]+')


@dataclass(frozen=True, slots=True)
class Physical:
    """A line of the file: its number from 1, its bytes, and the bytes that end it (none at the end of the file)."""

    number: int
    octets: bytes
    ending: bytes

    @property
    def continues(self) -> bool:
        """Whether the line continues the one before it (folding, RFC 5545, section 3.1)."""
        return self.octets[:1] in (b" ", b"\t")


@dataclass(frozen=True, slots=True)
class Line:
    """A content line, unfolded. `number` is that of its first physical line.

    `name` and the names of `parameters` are in upper case; `written` is the name as it stands. `fault` says why the
    line is no content line: "name" or "parameters".
    """

    number: int
    name: str
    value: str
    written: str = ""
    parameters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    fault: str | None = None

    def parameter(self, name: str) -> str | None:
        """The first value of the parameter `name`, None where it is absent."""
        return next((values[0] for key, values in self.parameters if key == name and values), None)


@dataclass(slots=True)
class Component:
    """BEGIN to END: `line` is the number of BEGIN. `late` holds properties that stand after a subcomponent."""

    name: str
    line: int
    parent: str | None = None
    properties: list[Line] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)
    late: list[Line] = field(default_factory=list)

    def every(self, name: str) -> list[Line]:
        return [line for line in self.properties if line.name == name]

    def first(self, name: str) -> Line | None:
        return next((line for line in self.properties if line.name == name), None)


@dataclass(frozen=True, slots=True)
class _Tree:
    """All components in the file's order, what is not balanced in them, and what stands outside of them."""

    components: tuple[Component, ...]
    unbalanced: tuple[tuple[int, str, str], ...]
    outside: tuple[Line, ...]


@dataclass(frozen=True)
class Stream:
    """A whole file. The rules take what they need from it; each view is made once."""

    octets: bytes

    @cached_property
    def has_byte_order_mark(self) -> bool:
        return self.octets.startswith(BYTE_ORDER_MARK)

    @cached_property
    def body(self) -> bytes:
        return self.octets.removeprefix(BYTE_ORDER_MARK)

    @cached_property
    def physical(self) -> tuple[Physical, ...]:
        found = (match.groups() for match in _PHYSICAL.finditer(self.body) if match.end() > match.start())
        return tuple(Physical(number, octets, ending) for number, (octets, ending) in enumerate(found, start=1))

    @cached_property
    def folded(self) -> tuple[tuple[Physical, ...], ...]:
        """The physical lines that make each content line; empty lines make none."""
        groups: list[list[Physical]] = []
        for line in self.physical:
            if line.continues and groups:
                groups[-1].append(line)
            elif line.octets:
                groups.append([line])
        return tuple(map(tuple, groups))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return tuple(_content_line(group) for group in self.folded)

    @cached_property
    def calendars(self) -> tuple[Component, ...]:
        return tuple(each for each in self.components if each.name == "VCALENDAR" and each.parent is None)

    @property
    def components(self) -> tuple[Component, ...]:
        """Every component, in the file's order."""
        return self._tree.components

    @property
    def unbalanced(self) -> tuple[tuple[int, str, str], ...]:
        """Where BEGIN and END do not match: line, BEGIN or END, component."""
        return self._tree.unbalanced

    @property
    def outside(self) -> tuple[Line, ...]:
        """Content lines that stand in no component."""
        return self._tree.outside

    @cached_property
    def events(self) -> tuple[Component, ...]:
        return tuple(component for component in self.components if component.name == "VEVENT")

    @cached_property
    def _tree(self) -> _Tree:
        components: list[Component] = []
        unbalanced: list[tuple[int, str, str]] = []
        outside: list[Line] = []
        stack: list[Component] = []
        open_names: Counter[str] = Counter()
        for line in self.lines:
            name = line.value.strip().upper()
            if line.name == "BEGIN":
                component = Component(name, line.number, stack[-1].name if stack else None)
                if stack:
                    stack[-1].components.append(component)
                components.append(component)
                stack.append(component)
                open_names[name] += 1
            elif line.name == "END" and not open_names[name]:
                unbalanced.append((line.number, "END", name))
            elif line.name == "END":
                # What was left open inside ends here too.
                while (component := stack.pop()).name != name:
                    unbalanced.append((component.line, "BEGIN", component.name))
                    open_names[component.name] -= 1
                open_names[name] -= 1
            elif not stack:
                outside.append(line)
            else:
                (stack[-1].late if stack[-1].components else stack[-1].properties).append(line)
        unbalanced += [(component.line, "BEGIN", component.name) for component in stack]
        for component in components:
            component.properties += component.late
        return _Tree(tuple(components), tuple(unbalanced), tuple(outside))


def _content_line(group: tuple[Physical, ...]) -> Line:
    head, *rest = group
    # Only the first line of a file can begin with a space here: there is nothing that it could continue.
    octets = head.octets.lstrip(b" \t") + b"".join(line.octets[1:] for line in rest)
    text = octets.decode("utf-8", "replace")
    number = head.number
    name = _NAME.match(text)
    if not name:
        return Line(number, "", text, written=text, fault="name")
    at = name.end()
    parameters = []
    while parameter := _PARAMETER.match(text, at):
        values = tuple(value.strip('"') for value in _PARAMETER_VALUE.findall(parameter[2]))
        parameters.append((parameter[1].upper(), values))
        at = parameter.end()
    fault = None
    if text[at : at + 1] != ":":
        fault, at = "parameters", text.find(":", at)
    value = text[at + 1 :] if at >= 0 else ""
    return Line(number, name[0].upper(), value, written=name[0], parameters=tuple(parameters), fault=fault)
