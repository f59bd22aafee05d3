"""A chapter's Markdown as a list of blocks: fenced directives and code, and the text between."""

import re
from dataclasses import dataclass, field

OPENING = re.compile(r"^(`{3,}|~{3,})\s*(?:\{([\w:-]+)\}|([\w+-]*))\s*(.*)$")
OPTION = re.compile(r"^:([\w-]+):\s*(.*)$")


@dataclass
class Block:
    """A fenced block, or text when `kind` is empty; `line` is where it begins, from 1."""

    kind: str
    argument: str = ""
    options: dict[str, str] = field(default_factory=dict)
    body: str = ""
    raw: str = ""
    line: int = 1

    @property
    def tags(self) -> set[str]:
        """The tags of a code cell."""
        return set(re.findall(r"[\w-]+", self.options.get("tags", "")))


def blocks(text):
    """Return the blocks of a Markdown text in order.

    Raises
    ------
    ValueError
        If a fence is never closed; the message names its line.
    """
    lines = text.removesuffix("\n").split("\n")  # no other sign ends a line for Python
    found, prose, number = [], [], 0

    def end_prose(before):
        if prose:
            raw = "\n".join(prose)
            found.append(Block("", body=raw, raw=raw, line=before - len(prose) + 1))
            prose.clear()

    while number < len(lines):
        opening = OPENING.match(lines[number])
        if not opening:
            prose.append(lines[number])
            number += 1
            continue
        end_prose(number)
        begin, fence = number, opening[1]
        closing = re.compile(f"^{re.escape(fence[0])}{{{len(fence)},}}\\s*$")
        number += 1
        while number < len(lines) and not closing.match(lines[number]):
            number += 1
        if number == len(lines):
            raise ValueError(f"line {begin + 1}: this fence is never closed")
        options, body = split_options(lines[begin + 1 : number])
        number += 1
        found.append(
            Block(
                kind=opening[2] or "code",
                argument=opening[4] if opening[2] else opening[3],
                options=options if opening[2] else {},
                body="\n".join(body if opening[2] else lines[begin + 1 : number - 1]),
                raw="\n".join(lines[begin:number]),
                line=begin + 1,
            )
        )
    end_prose(number)
    return found


def split_options(lines):
    """Return a directive's options, ``:key: value`` or between ``---``, and its other lines."""
    options, count = {}, 0
    if lines and lines[0].strip() == "---":
        ends = [index for index, line in enumerate(lines) if index and line.strip() == "---"]
        count = ends[0] + 1 if ends else 0
        key = ""
        for line in lines[1 : max(count - 1, 1)]:
            match = re.match(r"^([\w-]+):\s*(.*)$", line)
            key = match[1] if match else key
            options[key] = f"{options.get(key, '')} {match[2] if match else line.strip()}".strip()
        return options, lines[count:]
    while count < len(lines) and (match := OPTION.match(lines[count])):
        options[match[1]] = match[2].strip()
        count += 1
    return options, lines[count:]
