"""Hypothesis strategies for what editors and accidents write: Markdown, YAML, lists of clauses, ledgers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from core import builders
from inforce.model import PREAMBLE, Clause, Ledger, Version
from inforce.text import characters as table
from inforce.text import clauses, normal

_MARKS = [
    *(
        "# ",
        "## ",
        "### ",
        "#",
        "===",
        "---",
        "```",
        "~~~",
        "````",
        "``` text",
        "> ",
        "- ",
        "1. ",
        "\n(a) ",
        "\n(b) ",
        "i. ",
        "A.  ",
        "1.1 ",
        "    ",
        "\t",
        "  \n",
    ),
    *("\n", "\n\n", "\r\n", "\r", "<br>", "<b>", "</b>", "<div>", "</div>", "<p id='a'>", "<script>", "</script>"),
    *(
        "<ins>",
        "<!--",
        "-->",
        "<![",
        "<?",
        "<!",
        "&lt;",
        "&#1;",
        "&#x6a;",
        "javascript:",
        "onclick='x'",
        " {#a}",
        "{: #b }",
    ),
    *(
        "[a](b)",
        "[a](#a)",
        "[a][b]",
        "[b]: c",
        "[^1]",
        "[^1]: n",
        "*",
        "**",
        "_",
        "`",
        "``",
        "\\",
        "|",
        "|---|",
        "!!! note",
    ),
    *(
        "*[HTML]: x",
        "Term\n:   what",
        "\u2028",
        "\u2029",
        "\x85",
        "\ufeff",
        "\u00a0",
        "e\u0301",
        "\U0001f600",
        "\u202e",
    ),
    *("{{", "}}", "{#", "«»", '"', "'", "\u3000", "—", "word", "another word. ", "1.10", "---\n", "severity: x\n"),
]

usable = st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp"), include_characters="\n\t").filter(
    lambda each: each.isascii() or not [*table.find(f"a{each}b")]
)
"""Every character that a draft may hold anywhere."""

phrases = st.text(usable, max_size=40)
"""Any text: titles, summaries, notes."""

markdown = st.lists(st.sampled_from(_MARKS) | st.text(usable, max_size=6), max_size=25).map("".join)
"""Anything like Markdown, and a good deal that is none."""

anything = st.lists(st.sampled_from(_MARKS) | st.text(max_size=6), max_size=25).map("".join)
"""As ``markdown``, with control characters among it."""

ids = st.from_regex(r"[a-z][a-z0-9]{0,3}(-[a-z0-9]{1,2})?", fullmatch=True).filter(
    lambda name: name != PREAMBLE and not clauses.id_problem(name)
)


@st.composite
def clause(draw: st.DrawFn, name: str) -> Clause:
    """A clause that an editor could write, as its file is read: anything that is found to be without fault."""
    heading = "" if name == PREAMBLE else "## " + draw(phrases.filter(str.strip)) + "\n"
    fence = draw(st.sampled_from(["", "", "```\n## No heading {#x}\n\n# nor this\n```\n\n"]))
    text = f"{heading}\n{fence}{draw(markdown)}\n"
    read = clauses.read_clause(name, f"---\nowner: x\n---\n{text}".encode(), "clause.md")
    if read.problems:
        quiet = "\n".join(f"a{line}" for line in normal.decode(text.encode(), "").split("\n"))
        text = f"## {name}\n\n{quiet}\n" if heading else f"{quiet}\n"
        read = clauses.read_clause(name, text.encode(), "clause.md")
    assert not read.problems, read.problems
    return read.clause


@st.composite
def clause_lists(draw: st.DrawFn, min_size: int = 1, max_size: int = 5) -> tuple[Clause, ...]:
    """Clauses of distinct ids, the preamble first where there is one."""
    names = draw(st.lists(ids, min_size=min_size, max_size=max_size, unique=True))
    if draw(st.booleans()):
        names = [PREAMBLE, *names]
    return tuple(draw(clause(name)) for name in names)


PLAIN = tuple(builders.clause(name) for name in "abcdef")
"""Six clauses that differ in nothing but their names."""

START = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(-2, 60).map(lambda hours: START + timedelta(hours=hours))


@st.composite
def ledgers(draw: st.DrawFn, max_size: int = 6) -> Ledger:
    """Ledgers that are sound by their dates: versions, some withdrawn before they take effect, perhaps an end."""
    from inforce.model import Event, EventKind

    entries: list[Version | Event] = []
    clock, floor = START, START
    for place in range(draw(st.integers(1, max_size))):
        clock += timedelta(hours=draw(st.integers(0, 6)))
        effective = max(clock, floor) + timedelta(hours=draw(st.integers(0, 6)))
        made = builders.version(PLAIN[:1], number=f"{place + 1}.0", announced=clock, effective=effective)
        entries.append(made)
        if clock < effective and draw(st.integers(0, 3)) == 0:
            entries.append(Event("privacy", len(entries), EventKind.WITHDRAW, clock, "", made.number))
        else:
            floor = effective
    if draw(st.integers(0, 3)) == 0:
        clock += timedelta(hours=draw(st.integers(0, 20)))
        later = draw(st.sampled_from([None, 1, 9]))
        end = clock + timedelta(hours=later) if later else None
        entries.append(Event("privacy", len(entries), EventKind.RETIRE, clock, "", effective=end))
        if end and draw(st.booleans()):
            entries.append(Event("privacy", len(entries), EventKind.WITHDRAW, clock, ""))
    return Ledger("privacy", tuple(entries))
