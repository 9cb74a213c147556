"""Reads the tables of cases in this folder. Nothing is decided here: what is expected is written out in the tables.

A cell holds words and ``key=value``; ``; `` parts one version, record or patch from the next, and – stands for none.

- *manifest*: a name from the file's first table, or versions: ``1.0 01-01`` is announced and in force on that day of
  2026, is material and asks to be acknowledged. More words: another severity, ``announced=``, ``requires=``,
  ``withdrawn=``, ``accept_by=``, ``reconfirm_every=``, ``text=`` (the version whose text it has; ``text=-`` leaves its
  digest out), and in brackets the clauses that it changes. ``retired 06-01`` and ``redlines 4 3`` (``all_up_to`` and
  ``window``; ``redlines 4 3 since`` has pages since each version, too) are about the document, which ``terms:`` names.
- *records*: ``acknowledged 1.0 01-02``; ``digest=`` is the text whose digest the record has, with _ for blanks.
- *expected*: state, reason, and what isn't empty. ``redline=1.0..2.0`` says that the base is 1.0, too;
  ``redline=1.0..`` is the page since 1.0.
- *with*: patches as ``path=JSON``, a path without a value being taken out. A path begins with ``manifest``,
  ``document``, ``version`` (the last one) or ``record`` (the first one).
- *written*, *milliseconds*: a text as JSON, and the instant that it is.
- *changes*: for a customer of 1.0, the clauses that 2.0 changes; those that 3.0 changes; …
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]

_ROOTS: dict[str, tuple[Any, ...]] = {
    "manifest": ("manifest",),
    "document": ("manifest", "documents", "privacy"),
    "version": ("manifest", "documents", "privacy", "versions", -1),
    "record": ("records", 0),
}
_EXPECTED = {"version", "requires", "base", "redline", "upcoming", "accept_by", "snoozed_until", "flags"}
_SEVERITIES = ("editorial", "notice", "material", "unclassified", "grave")


def day(name: str) -> str:
    """The instant at which a day of 2026 begins in UTC: ``day("03-01")``; anything longer is an instant already."""
    return f"2026-{name}T00:00:00Z" if len(name) == 5 else name


def digest(text: str) -> str:
    """A digest in the manifest's form, of these words instead of a ledger file."""
    return f"sha256-{b64encode(hashlib.sha256(text.replace('_', ' ').encode()).digest()).decode()}"


def manifest(**documents: str) -> Json:
    """A manifest of documents, each as its cell says."""
    found = {name: _document(name, told) for name, told in documents.items()}
    serial = sum(len(each["versions"]) for each in found.values())
    return {"schema_version": 1, "serial": serial, "base": "https://policies.example/", "documents": found}


def record(told: str) -> Json:
    """A customer's record; its id is its instant."""
    (action, number, at), more = _read(told)
    if "digest" in more:
        more["digest"] = digest(more["digest"])
    return {
        "id": f"record of {at}",
        "action": action,
        "document": "privacy",
        "version": number,
        "sequence": 1,
        "language": "en",
        "digest": digest(number),
        "base": None,
        "manifest_serial": 1,
        "at": day(at),
        "until": None,
        "surface": "shop",
        **more,
    }


def expected(told: str, document: str = "privacy") -> Json:
    """The decision about one document; what is not named is empty."""
    told, rows = _brackets(told)
    (state, reason), more = _read(told)
    if unknown := more.keys() - _EXPECTED:
        raise ValueError(f"nothing is called {', '.join(sorted(unknown))}")
    pairs = _listed(more.get("redline", ""))
    compared = "redline" in more
    return {
        "document": document,
        "state": state,
        "reason": reason,
        "version": more.get("version"),
        "requires": more.get("requires", "acknowledge") if "version" in more else None,
        "base": more.get("base", pairs[0].partition("..")[0] if pairs else None),
        "changes": [_shown(row) for row in rows] if compared else None,
        "redline": [_page(document, pair) for pair in pairs] if compared else None,
        "upcoming": _listed(more.get("upcoming", "")),
        "accept_by": day(more["accept_by"]) if "accept_by" in more else None,
        "snoozed_until": more.get("snoozed_until"),
        "flags": _listed(more.get("flags", "")),
    }


def _page(document: str, pair: str) -> str:
    older, _, newer = pair.partition("..")
    return f"{document}/redline/{pair}/" if newer else f"{document}/since/{older}/"


def cases(path: Path) -> tuple[str, list[Json]]:
    """The title of a file of tables, and its cases."""
    title, *lines = path.read_text(encoding="utf-8").splitlines()
    named: dict[str, str] = {}
    found: list[Json] = []
    for row in _rows(lines):
        if "name" in row:
            named[row["name"]] = row["manifest"]
            continue
        try:
            found.append(_case(row, named))
        except (KeyError, ValueError) as error:
            raise ValueError(f"{path.name}: {row.get('case') or row}: {error}") from error
    return title.removeprefix("# "), found


def _rows(lines: list[str]) -> Iterator[dict[str, str]]:
    """Every row of every table by its columns; an empty line ends a table."""
    columns: list[str] = []
    for line in lines:
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if not line:
            columns = []
        elif not columns:
            columns = cells
        elif not line.startswith("|---"):
            yield {name: "" if cell == "–" else cell for name, cell in zip(columns, cells, strict=True)}


def _case(row: dict[str, str], named: dict[str, str]) -> Json:
    if "written" in row:
        return {key: json.loads(row[key] or "null") for key in ("written", "milliseconds")}
    if "changes" in row:
        row = _of_changes(**row)
    told = named.get(row["manifest"], row["manifest"])
    name, _, versions = told.rpartition(": ")
    found = {
        "name": row["case"],
        "manifest": manifest(**{name or "privacy": versions}) if told else None,
        "document": "privacy",
        "records": [record(each) for each in row["records"].split("; ") if each],
        "now": day(row["now"]),
        "expected": expected(row["expected"]),
    }
    for patch in filter(None, row.get("with", "").split("; ")):
        _patch(found, *patch.split("=", 1))
    return found


def _of_changes(case: str, changes: str, shown: str) -> dict[str, str]:
    """The row of a customer of 1.0, before versions 2.0, 3.0, … with these changes."""
    later = [f"{place}.0 {place:02}-01 ({told})" for place, told in enumerate(changes.split("; "), 2)]
    last = f"{len(later) + 1}.0"
    return {
        "case": case,
        "manifest": "; ".join(("1.0 01-01", *later)),
        "records": "acknowledged 1.0 01-02",
        "now": "12-01",
        "expected": f"review_required material version={last} redline=1.0..{last} ({shown})",
    }


def _patch(case: Json, path: str, value: str) -> None:
    """Put a value, or nothing, into the case's manifest or records."""
    root, *rest = path.split(".")
    way = [*_ROOTS[root], *rest]
    last = way.pop()
    place: Any = case
    for step in way:
        place = place[step]
    if value:
        place[last] = json.loads(value)
    else:
        del place[last]


def _document(name: str, told: str) -> Json:
    rows: list[Json] = []
    retired, limits = "", ["30", "5"]
    for part in told.split("; "):
        if part.startswith("retired "):
            retired = part.removeprefix("retired ")
        elif part.startswith("redlines "):
            limits = part.split()[1:]
        else:
            rows.append({"sequence": len(rows) + 1, **_version(part)})
    since = {"since": f"{name}/since/{{from}}/"} if limits[2:] else {}
    redline = {"url": f"{name}/redline/{{from}}..{{to}}/", **since}
    return {
        "title": f"{name.title()} policy",
        "kind": "privacy-policy",
        "status": "retired" if retired else "published",
        "url": f"{name}/",
        "history": f"{name}/versions/",
        "redline": {**redline, "all_up_to": int(limits[0]), "window": int(limits[1])},
        "versions": rows,
        **({"retired_at": day(retired)} if retired else {}),
    }


def _version(told: str) -> Json:
    told, changes = _brackets(told)
    (number, effective, *severity), more = _read(told)
    text = more.pop("text", number)
    return {
        "version": number,
        "announced_at": day(more.pop("announced", effective)),
        "effective_at": day(effective),
        "language": "en",
        "requires": more.pop("requires", "acknowledge"),
        "severity": (severity or ["material"])[0],
        "summary": f"What is new in {number}.",
        "url": f"privacy/{number}/",
        "text": f"privacy/{number}.md",
        "digest": digest(more.pop("digest", number)),
        **({} if text == "-" else {"text_digest": digest(f"text of {text}")}),
        "changes": [_change(row) for row in changes],
        **({"withdrawn_at": day(more.pop("withdrawn"))} if "withdrawn" in more else {}),
        **({"accept_by": day(more.pop("accept_by"))} if "accept_by" in more else {}),
        **more,
    }


def _change(told: str) -> Json:
    """One clause's row in a version's ``changes``."""
    (clause, *words), more = _read(told)
    severity = words.pop() if words[-1] in _SEVERITIES else "editorial"
    row: Json = {"clause": clause, "title": clause.title(), "kinds": sorted(words), "severity": severity, **more}
    return row | {"was": _listed(more["was"])} if "was" in more else row


def _shown(told: str) -> Json:
    """One expected row of ``changes``."""
    row = _change(told)
    return {**row, "notes": _listed(row.get("notes", ""))}


def _listed(told: str) -> list[str]:
    return told.split(",") if told else []


def _brackets(told: str) -> tuple[str, list[str]]:
    """What stands before the brackets, and what in them."""
    head, _, rows = told.removesuffix(")").partition(" (")
    return head, rows.split(", ") if rows else []


def _read(told: str) -> tuple[list[str], Json]:
    """A cell's words, and its values by key."""
    words = [word for word in told.split() if "=" not in word]
    pairs = (word.split("=", 1) for word in told.split() if "=" in word)
    return words, {key: _value(key, value) for key, value in pairs}


def _value(key: str, value: str) -> Any:
    if key in ("until", "snoozed_until", "sent_at", "received_at"):
        return day(value)
    return json.loads(value) if key in ("manifest_serial", "sequence") else value
