"""A policy with a long history, made up: the same sizes give the same bytes on every machine.

Released by the package's own functions, so that its chain, numbers and changes are what an editor would have made.
Touches no disk: see ``projects``.
"""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from inforce import model
from inforce import project as sources
from inforce.draft import files as drafts
from inforce.ledger import files as ledger
from inforce.model import Draft, Ledger, Note, Severity
from inforce.release import proposal

DOCUMENT = "privacy"
AS_OF = "2026-06-01T00:00:00+00:00"
_FIRST_RELEASE = datetime(2012, 1, 2, 9, tzinfo=UTC)
_DAYS_BETWEEN = 17  # 300 releases end before AS_OF, and a material one is in force before the next is announced
_NOTICE_DAYS = {"material": "14", "notice": "7", "editorial": "0"}

_TOPICS = (
    *("orders", "payments", "deliveries", "returns", "accounts", "messages", "reviews", "photographs", "locations"),
    *("devices", "log files", "cookies", "newsletters", "surveys", "competitions", "gift cards", "phone calls"),
)
_WHO = ("Our shop", "Our support", "The team that handles {topic}", "Our payment partner", "A carrier acting for us")
_DOES = ("keeps", "records", "checks", "compares", "sends", "deletes", "encrypts", "corrects", "passes on")
_WHAT = ("your name", "your address", "the date of birth that you gave", "your telephone number", "the order's number")
_WHY = (
    *("to bring you what you ordered", "to answer a question of yours", "because the law on invoices asks for it"),
    *("to find out why a page failed", "to keep strangers out of your account", "until you tell us to stop"),
)
_HOW_LONG = ("for thirty days", "for as long as the account exists", "for six years", "until the parcel has arrived")
_LINKS = (
    *("[how to reach us](mailto:privacy@shop.example)", "[the list of our partners](https://shop.example/partners)"),
    *("[your rights](#clause-3)", "[the authority in charge](https://authority.example/complaints)"),
)


def policy(versions: int, clauses: int, document: str = DOCUMENT) -> dict[str, bytes]:
    """The files of a project (path -> bytes) with one policy of that many published versions and clauses.

    Every version after the first changes one to three clauses. The draft changes one more, ready to be released.
    """
    chance = random.Random(f"{versions} versions of {clauses} clauses")
    texts = {f"clause-{place}": _clause(chance, place) for place in range(1, clauses + 1)}
    folder = drafts.folder(document)
    files = {f"{folder}policy.yml": _settings(list(texts))}
    files |= {f"{folder}{name}.md": text for name, text in texts.items()}
    draft = _draft(files)
    published = Ledger(document)
    for place in range(versions):
        notes: dict[str, Note] = {}
        if place:
            draft, notes = _amended(draft, chance)
        announced = _FIRST_RELEASE + place * timedelta(days=_DAYS_BETWEEN)
        published = _released(replace(draft, notes=notes), published, announced, files)
    return files | _pending(draft, chance)


def _draft(files: dict[str, bytes]) -> Draft:
    policy = sources.read(files).policies[0]
    assert policy.draft is not None
    return policy.draft


def _released(draft: Draft, published: Ledger, announced: datetime, files: dict[str, bytes]) -> Ledger:
    """The ledger with the draft released at ``announced``; its file is added to ``files``."""
    effective = proposal.earliest_effective(draft, published, proposal.ReleaseOptions(), announced)
    options = proposal.ReleaseOptions(effective=effective, summary=_summary(draft))
    version = proposal.prepare(draft, published, options, announced)
    files[version.path] = ledger.compose(version)
    return Ledger(published.document, (*published.entries, version))


def _summary(draft: Draft) -> str:
    if not draft.notes:
        return "The first version of this policy."
    return f"{len(draft.notes)} of its clauses say more precisely what happens to what you tell us."


def _amended(draft: Draft, chance: random.Random) -> tuple[Draft, dict[str, Note]]:
    """The draft with one to three clauses reworded, and a note on each of them."""
    chosen = set(chance.sample(range(len(draft.clauses)), chance.randint(1, 3)))
    clauses, notes = [], {}
    for place, clause in enumerate(draft.clauses):
        if place in chosen:
            clause = model.Clause(clause.id, _reworded(clause.text, chance))
            severity = chance.choices((Severity.EDITORIAL, Severity.NOTICE, Severity.MATERIAL), (6, 3, 1))[0]
            notes[clause.id] = Note(severity, f"What we do {chance.choice(_WHY)} is said more precisely.")
        clauses.append(clause)
    return replace(draft, clauses=tuple(clauses)), notes


def _pending(draft: Draft, chance: random.Random) -> dict[str, bytes]:
    """The draft's files, with the first clause reworded and everything said that a release asks for."""
    bodies = {clause.id: f"## {clause.heading}\n\n{clause.body}\n" for clause in draft.clauses}
    first = draft.clauses[0].id
    note = '---\nseverity: "editorial"\nnote: "The wording is simpler."\n---\n'
    bodies[first] = note + _reworded(bodies[first], chance)
    folder = drafts.folder(draft.document)
    files = {f"{folder}{name}.md": body.encode() for name, body in bodies.items()}
    return {**files, f"{folder}next.yml": b'summary: "One clause is worded more simply."\n'}


def _reworded(text: str, chance: random.Random) -> str:
    """``text`` with one of its sentences written anew."""
    lines = text.split("\n")
    candidates = [place for place, line in enumerate(lines) if line.endswith(".") and not line.startswith("#")]
    place = chance.choice(candidates)
    mark = "- " if lines[place].startswith("- ") else ""
    lines[place] = mark + _sentence(chance)
    return "\n".join(lines)


def _settings(names: list[str]) -> bytes:
    days = ", ".join(f'{severity}: "{days}"' for severity, days in _NOTICE_DAYS.items())
    lines = [
        *('title: "Privacy policy of a shop"', 'kind: "privacy-policy"', 'requires: "acknowledge"', 'language: "en"'),
        *('timezone: "UTC"', f"notice_days: {{{days}}}", 'contact: "mailto:privacy@shop.example"', "clauses:"),
        *(f'  - "{name}"' for name in names),
        'checks: {not-editorial: "off"}',  # sentences are exchanged at random here, and graded at random
    ]
    return ("\n".join(lines) + "\n").encode()


def _clause(chance: random.Random, place: int) -> bytes:
    """A clause file of 60 to 200 words: sentences a line each, a list in every second one, a link or two."""
    words = chance.randint(70, 180)
    lines = [f"## How we treat {_TOPICS[place % len(_TOPICS)]}", ""]
    while sum(len(line.split()) for line in lines) < words / 2:
        lines.append(_sentence(chance))
    lines += ["", f"You may want to read {chance.choice(_LINKS)}, **before** you decide.", ""]
    mark = "- " if place % 2 else ""
    while sum(len(line.split()) for line in lines) < words - 10:
        lines.append(mark + _sentence(chance))
    return ("\n".join(lines) + "\n").encode()


def _sentence(chance: random.Random) -> str:
    who = chance.choice(_WHO).format(topic=chance.choice(_TOPICS))
    link = f", as told in {chance.choice(_LINKS)}" if chance.random() < 0.15 else ""
    return (
        f"{who} {chance.choice(_DOES)} {chance.choice(_WHAT)} {chance.choice(_HOW_LONG)} {chance.choice(_WHY)}{link}, "
        f"where {chance.choice(_TOPICS)} are concerned."
    )
