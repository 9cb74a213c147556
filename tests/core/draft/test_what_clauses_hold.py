"""Whatever is renamed, split or merged, each link leads where it led, and each footnote says what it said."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from core import builders
from core.builders import Files
from inforce import project as sources
from inforce.draft import editing, folder
from inforce.draft.editing import Changes, DraftEditor
from inforce.errors import InForceError, Level
from inforce.text.html import render

Act = Callable[[DraftEditor], Changes]

RENAME: Act = lambda editor: editing.rename(editor, "alpha", "delta")  # noqa: E731
SPLIT: Act = lambda editor: editing.split(editor, "alpha", "delta", "Part of alpha")  # noqa: E731
MERGE: Act = lambda editor: editing.merge(editor, "beta", "alpha")  # noqa: E731


def done(files: Files, act: Act) -> Files:
    """``files`` after one act; nothing may be wrong with them, nor any name be defined twice."""
    draft, _ = folder.read("privacy", files)
    assert draft
    changes = act(DraftEditor(draft, files, builders.ledger_of(files)))
    after = {path: data for path, data in {**files, **changes}.items() if data is not None}
    told = [each for each in sources.read(after).problems if each.rule == "unseen" or each.level is Level.ERROR]
    assert told == []
    return after


def leads(files: Files) -> Mapping[str, str]:
    """What each link shows -> the heading, the address, or the footnote's words, to which it leads on the page."""
    draft = builders.draft_of(files)
    page = "".join(f'<h2 id="{each.id}">{render(each).title}</h2>{render(each).body}' for each in draft.clauses)
    tree = lxml_html.fragment_fromstring(page, create_parent="div")
    named = {each.get("id"): " ".join(each.text_content().replace("↩", "").split()) for each in tree.xpath(".//*[@id]")}
    found = {}
    for link in tree.xpath(".//a[not(contains(@class, 'backref'))]"):
        address = link.get("href").removeprefix("./")
        shown = link.text_content()
        if link.get("class") == "footnote-ref":  # a number, which may be another one behind a merge
            shown = (
                (link.getparent().getprevious().text_content()) if link.getparent().getprevious() is not None else ""
            )
        found[shown] = named[address[1:]] if address.startswith("#") else address
    return found


def clause(name: str, links: list[str], below: list[str]) -> str:
    """A clause with a part of its own, which has an id, and with links of each kind above it and in it."""
    return (
        f"## Clause {name}\n\nText. {' '.join(links)}\n\n### Part of {name} {{#part}}\n\nMore. {' '.join(below)}\n\n"
        f"[^1]: Note 1 of {name}.\n\n[^2]: Note 2 of {name}, which is at [law {name}][law].\n\n"
        f"[law]: https://{name}.example/law\n[a law]: https://{name}.example/a\n[same]: https://same.example\n"
    )


NAMES = ("alpha", "beta", "part")
WRITTEN = (
    *("[{}](#alpha)", "[{}](#beta)", "[{}](#part)", "[{}](#alpha--part)", "[{}](#beta--part)", "[{}](./#alpha--part)"),
    *("[{}][law]", "[{}][same]", "*{}*[^1]", "*{}*[^2]"),
    *("\n\n> [{}][a\n> law]\n\n", "\n\n- [{}][a\n  law]\n\n"),
)


def policy(texts: Mapping[str, tuple[list[str], list[str]]]) -> Files:
    """A policy of three clauses; one of them is called like the part that each has."""
    numbered = iter(range(1000))
    written = {
        name: clause(name, *([each.format(f"{name}{next(numbered)}") for each in part] for part in parts))
        for name, parts in texts.items()
    }
    # what nothing uses is told by itself, so that all is used once in each
    for name in written:
        written[name] += f"\n*{name}-one*[^1] *{name}-two*[^2] [{name}-law][law] [{name}-same][same]\n"
        written[name] += f"[{name}-a][a law]\n"
    return builders.policy({"preamble": "Hello.", **written})


PARTS = st.tuples(*[st.lists(st.sampled_from(WRITTEN), max_size=4)] * 2)


@pytest.mark.parametrize(
    ("act", "became"),
    [
        pytest.param(RENAME, {}, id="rename"),
        pytest.param(SPLIT, {}, id="split"),
        pytest.param(MERGE, {"Clause beta": "Clause alpha"}, id="merge"),
    ],
)
@given(texts=st.fixed_dictionaries(dict.fromkeys(NAMES, PARTS)))
def test_each_link_leads_where_it_led(
    act: Act, became: Mapping[str, str], texts: Mapping[str, tuple[list[str], list[str]]]
) -> None:
    files = policy(texts)
    before = {shown: became.get(target, target) for shown, target in leads(files).items()}
    assert leads(done(files, act)) == before


WHOLE = """## Clause alpha

First[^n].

```
code

- of two parts
```

| head |
|---|
| cell |
| last |

<p>raw
html</p>

> quoted
> words

- one[^1]

  and on

[law]:
https://law.example
'Title'

[^n]: A note.

    It goes on [there][law].

[^1]: Another.

Last.
"""


WITHIN = {*range(6, 10), *range(12, 15), 17, 27, 28, 31, 32}
"""The lines of it that begin nothing."""


@pytest.mark.parametrize("at", range(4, WHOLE.count("\n") + 1))
def test_a_cut_at_any_line_is_refused_or_keeps_what_was_said(at: int) -> None:
    files = builders.policy({"preamble": "Hello.", "alpha": WHOLE})
    try:
        after = done(files, lambda editor: editing.split(editor, "alpha", "delta", str(at), "Clause alpha"))
    except InForceError:
        assert at in WITHIN
        return
    assert at not in WITHIN
    assert (said(after), leads(after)) == (said(files), leads(files))


NESTED = """## Clause alpha

First, see [them][].

> *Quoted*[^q]
>
> [^q]: In the quote.
>
> [us]: https://us.example

- one

  [them]: https://them.example
  [^o]: Of one.

- two

Second, see [us] and [them], *once*[^o] *again*[^q].

Third, *more*[^o].
"""


@pytest.mark.parametrize("at", [11, 18, 20])
def test_what_is_defined_in_a_quote_or_a_list_is_at_hand_in_both_parts(at: int) -> None:
    files = builders.policy({"preamble": "Hello.", "alpha": NESTED})
    draft, _ = folder.read("privacy", files)
    assert draft
    changes = editing.split(DraftEditor(draft, files, builders.ledger_of(files)), "alpha", "delta", str(at), "Alpha")
    after = {path: data for path, data in {**files, **changes}.items() if data is not None}
    assert sources.read(after).errors == ()
    assert leads(after) == leads(files)
    assert not {word for word in said(after) - said(files) if word != "Alpha"}


def said(files: Files) -> set[str]:
    """The words of the pages, and marks that are shown as they are written."""
    pages = "".join(render(each).html for each in builders.draft_of(files).clauses)
    texts = lxml_html.fragment_fromstring(pages, create_parent="div").itertext()
    return {word for text in texts for word in text.split() if not word.isdigit()}
