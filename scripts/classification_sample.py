"""Draws changes of real policies for which `inforce check` would not take the word editorial, to be judged by a reader.

    .venv/bin/python scripts/classification_sample.py CORPUS/redline-pairs.jsonl.gz

A change is one section (from one heading of level 1 to 3 to the next) between two revisions of an English text, known
by its heading, with at most 40 words inserted and deleted. Lines that only date the text ("Last updated …") are left
out: In Force keeps dates in front matter. The sample of 50 is drawn with a fixed seed; `--quiet` draws from the changes
that pass instead.
"""

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inforce.changes import wordlists
from inforce.changes.editorial import between
from inforce.redline import plain, redline
from inforce.text.html import document

FEW = 40
SEED = 20261124
DATED = re.compile(r"^[*_> ]*(last (updated|revised|modified)|effective|posted|updated)\b.*$", re.I | re.M)


ENGLISH = re.compile(r"\b(?:the|of|and|you)\b", re.I)


def is_english(source: str) -> bool:
    """Whether one word in ten or more is one of English's four commonest here."""
    return len(ENGLISH.findall(source)) * 10 >= len(source.split())


def sections(source: str) -> dict[str, str]:
    """Heading -> text; sections whose heading stands twice are left out."""
    body = DATED.sub("", re.sub(r"\A\s*---\n.*?\n---\n", "", source, flags=re.S))
    parts = re.split(r"^(#{1,3} .*)$", body, flags=re.M)
    named = list(zip(["", *parts[1::2]], parts[::2], strict=True))
    often = Counter(heading for heading, _ in named)
    return {heading: text for heading, text in named if often[heading] == 1}


def changes(corpus: Path) -> Iterator[tuple[str, str, list[str], str]]:
    """Each small change once: where it is, the heading, what the check says, and the redline's changed lines."""
    seen = set()
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        pairs: list[dict[str, Any]] = [json.loads(line) for line in lines]
    for pair in (pair for pair in pairs if is_english(pair["new"])):
        old, new = sections(pair["old"]), sections(pair["new"])
        for heading in (heading for heading in old if heading in new and old[heading] != new[heading]):
            before, after = document(old[heading]), document(new[heading])
            found = redline(before, after)
            words = found.changes.words_inserted + found.changes.words_deleted
            key = (old[heading], new[heading])
            if key in seen or before == after or words > FEW:
                continue
            seen.add(key)
            text = plain(found.html, insertion="{{+{}+}}".format, deletion="[-{}-]".format)
            told = [str(sign) for sign in between(before, after, wordlists.of("en"))]
            marked = [line for line in text.split("\n") if "{+" in line or "[-" in line]
            yield f"{pair['repo']} {pair['path']} #{pair['id']}", heading, told, "\n".join(marked)


def main() -> None:
    """Draw and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("corpus", type=Path)
    arguments.add_argument("--quiet", action="store_true", help="draw from the changes that pass")
    given = arguments.parse_args()
    found = sorted(changes(given.corpus))
    alarmed = [change for change in found if change[2]]
    passed = [change for change in found if not change[2]]
    print(f"{len(found)} small changes: {len(alarmed)} are questioned, {len(passed)} pass")
    kinds = Counter(kind for change in alarmed for kind in {told.split(" (")[0] for told in change[2]})
    print(", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    chosen = random.Random(SEED).sample(passed if given.quiet else alarmed, 50)
    for number, (place, heading, told, text) in enumerate(chosen, 1):
        print(f"\n{number}. {place} {heading}\n" + "\n".join(f"   ! {sign}" for sign in told) + f"\n{text}")


if __name__ == "__main__":
    main()
