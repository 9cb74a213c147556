"""What an editor is told of two versions, and what a shop tells its customers of the same two: they must say the same.

The shop's answer is that of the shop's own module, asked as a shop asks it. A redline's marks are read anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from inforce_client.review import prepare, review_state
from world import pages
from world.history import DOCUMENT, World

Row = Mapping[str, Any]


def pairs(world: World, manifest: Row) -> Iterator[tuple[str, str, str]]:
    """What is wrong with the redlines of all pairs of standing versions: (look, pair, what)."""
    document = manifest["documents"][DOCUMENT]
    rows = [row for row in document["versions"] if "withdrawn_at" not in row]
    for place, new in enumerate(rows):
        for old in rows[:place]:
            pair = f"{old['version']}..{new['version']}"
            result = world.inforce("redline", DOCUMENT, old["version"], new["version"], "--format", "json", step=False)
            redline = json.loads(result.stdout)
            yield from (("marks", pair, what) for what in _counted(redline))
            shown = told(manifest, old, new)
            if shown is not None:
                ids = {row["version"]: _ids(world, row["version"]) for row in (old, new)}
                for what in _apart(redline, shown, old, new, ids, document):
                    yield "agreement", pair, what


def told(manifest: Row, old: Row, new: Row) -> list[dict[str, Any]] | None:
    """What the shop tells somebody who agreed to ``old`` once ``new`` is in force; None where it never is."""
    then = deepcopy(dict(manifest))
    document = then["documents"][DOCUMENT]
    document["versions"] = [row for row in document["versions"] if row["sequence"] <= new["sequence"]]
    document.pop("retired_at", None)
    record = {
        "id": "1", "document": DOCUMENT, "version": old["version"], "digest": old["digest"],
        "action": "accepted", "at": old["effective_at"],
    }  # fmt: skip
    at = max(instant(new["effective_at"]), instant(new["announced_at"]))
    state = review_state(prepare(then), DOCUMENT, [record], at)
    changes = state["changes"]
    assert changes is None or isinstance(changes, list)
    return changes if state["base"] == old["version"] else None


def _apart(
    redline: Row,
    told: list[dict[str, Any]],
    old: Row,
    new: Row,
    ids: Mapping[str, dict[str, str]],
    document: Row,
) -> Iterator[str]:
    """Where the redline and the shop say different things of the same pair."""
    drawn, shop = ({row["clause"]: row for row in rows} for rows in (redline["clauses"], told))
    before, after = ids[old["version"]], ids[new["version"]]
    between = [r for r in document["versions"] if old["sequence"] < r["sequence"] <= new["sequence"]]
    ungraded = any(change["severity"] == "unclassified" for row in between for change in row["changes"])
    for name, row in drawn.items():
        if name not in shop:
            yield f"`{name}` ({', '.join(row['kinds'])}) is in the redline, and the shop does not tell it"
            continue
        graded = row["severity"] or ("material" if ungraded else None)
        if graded != shop[name]["severity"]:
            yield f"`{name}` is {row['severity']} in the redline, {shop[name]['severity']} in the shop"
        if row["notes"] != shop[name]["notes"]:
            yield f"`{name}` has the notes {row['notes']} in the redline, {shop[name]['notes']} in the shop"
        for kind in ("added", "removed"):
            if (kind in row["kinds"]) != (kind in shop[name]["kinds"]):
                yield f"`{name}` is {row['kinds']} in the redline, {shop[name]['kinds']} in the shop"
    for name in shop:
        if name not in before and name not in after:
            yield f"the shop tells of `{name}`, which is in neither text"
        elif name not in drawn and before.get(name) != after.get(name):
            yield f"the shop tells of `{name}`, and the redline shows no change"


def _ids(world: World, number: str) -> dict[str, str]:
    """The clauses of a ledger file, by id: their text as it is written."""
    body = world.files()[f"versions/{DOCUMENT}/{number}.md"].decode().split("\n---\n", 1)[1]
    opening, *parts = re.split(r"^## ", body, flags=re.MULTILINE)
    found = {"preamble": opening.strip()} if opening.strip() else {}
    for part in parts:
        heading = part.partition("\n")[0]
        name = re.search(r"\{#([a-z0-9-]+)\}$", heading)
        assert name is not None
        found[name[1]] = part.strip()
    return found


def _counted(redline: Row) -> Iterator[str]:
    """Where a redline's kinds, its counts and its marks are not of one mind about whether a word changed."""
    counts = ("words_inserted", "words_deleted", "case_changed", "punctuation_changed")
    counted, any_marks = sum(redline[each] for each in counts), False
    for row in redline["clauses"]:
        html = pages.read(row["html"]).root
        marks = pages.marked(html)
        any_marks = any_marks or bool(marks)
        plain = not {"added", "removed"} & set(row["kinds"])
        worded = bool({"modified", "retitled"} & set(row["kinds"]))
        turned = any("redline-moved" in node.classes for node in html.all())
        if plain and (any(map(str.isalnum, "".join(marks))) or turned) != worded:
            yield f"`{row['clause']}` is {row['kinds']}, and {marks!r} is marked in it"
    if any_marks != bool(counted):
        yield f"{counted} words are counted, and words {'are' if any_marks else 'are not'} marked"


def restored(world: World, manifest: Row) -> Iterator[tuple[str, str, str]]:
    """Where a draft that was just set back to an older text calls a clause new that the ledger knows by another id."""
    if not (found := re.search(rf"inforce draft {DOCUMENT} --from (\S+) --yes$", world.steps[-1])):
        return
    rows = manifest["documents"][DOCUMENT]["versions"]
    standing = [row for row in rows if "withdrawn_at" not in row]
    older = next(row for row in rows if row["version"] == found[1])
    if "withdrawn_at" in older or older is standing[-1]:
        return
    went = {name: name for name in _ids(world, older["version"])}
    for row in standing[standing.index(older) + 1 :]:
        names = _ids(world, row["version"])
        renamed = {c["was"][0]: c["clause"] for c in row["changes"] if len(c.get("was", ())) == 1}
        went = {name: renamed.get(now, now) if now not in names else now for name, now in went.items()}
    last = _ids(world, standing[-1]["version"])
    told = world.inforce("redline", DOCUMENT, standing[-1]["version"], "draft", "--format", "json", step=False)
    for row in json.loads(told.stdout)["clauses"] if not told.exit_code else ():
        now = went.get(row["clause"], "")
        if "added" in row["kinds"] and now in last:
            yield (
                "restored",
                f"draft from {found[1]}",
                f"`{row['clause']}` is new in the draft, and `{now}` came from it",
            )


def instant(written: str) -> datetime:
    """An instant as the manifest writes it, or as the ledger does, with its offset."""
    return datetime.fromisoformat(written).astimezone(UTC)
