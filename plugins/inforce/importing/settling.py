"""The last look at a clause's Markdown: whatever no clause may hold is shown as it is written, not taken for a mark.

The rules are those of ``clauses`` and ``hazards``, asked as an editor's file is asked; so what an import writes is what
a check lets pass. Only marks are escaped: words are never touched.
"""

import re

from inforce.model import PREAMBLE
from inforce.text import clauses, unsafe
from inforce.text import normal as texts

_PASSES = 8
"""An escaped mark can lay another one bare; this many in one another is no text that anybody wrote."""


def settled(body: str) -> str:
    """``body`` with every mark escaped that a clause may not hold, as far as escaping helps."""
    for _ in range(_PASSES):
        read = clauses.read_clause(PREAMBLE, body.encode(), "")
        found = (*read.problems, *unsafe.find(read))
        lines = body.split("\n")
        for problem in sorted(found, reverse=True):
            if 0 < problem.line <= len(lines):
                lines[problem.line - 1] = _escaped(lines[problem.line - 1], problem.rule)
        mended = texts.normalise("\n".join(lines))
        if mended == body:
            break
        body = mended
    return body


def _escaped(line: str, rule: str) -> str:
    if rule == "heading":
        return re.sub(r"#", r"\\#", line, count=1)
    if rule == "underlined-heading":
        quote = re.match(r"[ \t>]*", line)
        return f"{quote[0].rstrip() if quote else ''}\n{line}"
    if rule in ("html", "open-tag", "forged-mark"):
        return line.replace("<", "&lt;")
    if rule == "link-scheme":
        return re.sub(r"(?<!\\)\[|(?<!\\)\](?=\()", lambda mark: f"\\{mark[0]}", line).replace("<", "&lt;")
    if rule == "preview":
        return re.sub(r"(?<!\\)(?=\*\[|\{[:#.][^{}]*\}\Z|\[(?:TOC|[ xX])\])", r"\\", line, count=1)
    if rule == "reference":
        return re.sub(r"(?<!\\)\[(?=\^)", r"\\[", line)
    if rule == "picture":
        return re.sub(r"(?<!\\)!(?=\[)", r"\\!", line)
    if rule == "forged-id":
        return line.replace("{", "\\{")
    if rule == "open-fence":
        return f"\\{line}"
    return line
