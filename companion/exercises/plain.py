"""A chapter's Markdown made plain: what only Sphinx understands, in words any notebook shows."""

import re

from companion.exercises.fences import blocks

COLON = re.compile(r"^(:{3,})\{([\w-]+)\}[ \t]*(.*)\n((?:.*\n)*?)\1[ \t]*$", re.MULTILINE)
ROLE = re.compile(r"\{([\w:+-]+)\}`([^`]+)`")
TARGETED = re.compile(r"^(.*?)\s*<[^<>]+>$", re.DOTALL)
NAMED = {
    "note": "Note",
    "tip": "Tip",
    "hint": "Hint",
    "important": "Important",
    "warning": "Warning",
    "seealso": "See also",
}
DROPPED = {"figure", "image", "literalinclude", "index", "glue:figure", "glue", "toctree"}


def plain_markdown(text) -> str:
    """Return Markdown without directives, roles and targets.

    Parameters
    ----------
    text : str
        MyST Markdown, such as the statement of an exercise.
    """
    parts = []
    for block in blocks(text):
        if not block.kind:
            parts.append(_prose(COLON.sub(_colon, block.body + "\n").rstrip("\n")))
        elif block.kind == "code":
            parts.append(block.raw)
        elif block.kind == "code-cell":
            parts.append(f"```python\n{block.body}\n```")
        else:
            parts.append(_directive(block.kind, block.argument, block.body))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).strip()


def _colon(match):
    body = re.sub(r"\A(?::[\w-]+:.*\n)+", "", match[4])
    return _directive(match[2], match[3], body)


def _directive(kind, argument, body):
    if kind == "math":
        return f"\n$$\n{body.strip()}\n$$\n"
    if kind in DROPPED:
        return "*(There is a figure or listing here in the chapter.)*"
    heading = argument or NAMED.get(kind, "")
    inner = plain_markdown(body)
    text = f"**{heading}.** {inner}" if heading else inner
    quoted = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
    return f"\n{quoted}\n"


def _prose(text):
    text = ROLE.sub(_role, text)
    text = re.sub(r"^\([\w-]+\)=\s*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\$\$[ \t]*\([\w-]+\)[ \t]*$", "$$", text, flags=re.MULTILINE)
    text = re.sub(r"\[\]\(#?([^)\s]+)\)", lambda m: f"*{_words(m[1])}*", text)
    return re.sub(r"\[([^\]]+)\]\((?!https?:)[^)\s]*\)", r"\1", text)


def _role(match):
    name, content = match[1], match[2]
    titled = TARGETED.match(content)
    if name == "math":
        return f"${content}$"
    if name in ("code", "func", "class", "meth", "mod", "py:func", "py:class", "py:mod"):
        return f"`{content.lstrip('~')}`"
    if titled:
        return titled[1]
    if name == "eq":
        return f"(equation *{_words(content)}* of the chapter)"
    if name in ("numref", "ref", "doc", "prf:ref", "claim"):
        return f"*{_words(content)}*"
    if name.startswith("cite"):
        return f"({content})"
    return content


def _words(target):
    name = target.rsplit("/", 1)[-1].removesuffix(".md")
    return re.sub(r"^(eq|fig|ex|sec|tab)-", "", name).replace("-", " ").replace("_", " ")
