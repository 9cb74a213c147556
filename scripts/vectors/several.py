"""Cases of ``review_all``. They are few, and each holds the results of several documents."""

from vectors.tables import Json, day, expected, manifest, record

TITLE = "``review_all``: the worst state leads, and of equal ones the document named first."

BOTH = manifest(privacy="1.0 01-01", terms="1.0 01-01 requires=accept digest=terms")
AGREED = record("acknowledged 1.0 01-02")
ACCEPTED = record("accepted 1.0 01-02 document=terms digest=terms")

_NOTHING: Json = {"base": None, "changes": None, "redline": None, "upcoming": [], "accept_by": None}
_NOTHING |= {"snoozed_until": None, "flags": []}
_ASKED: Json = {"state": "initial", "reason": "never_agreed", "version": "1.0", **_NOTHING}
_CURRENT: Json = {"state": "up_to_date", "reason": "current", "version": None, **_NOTHING, "base": "1.0"}
ASKED_PRIVACY = {**_ASKED, "document": "privacy", "requires": "acknowledge"}
ASKED_TERMS = {**_ASKED, "document": "terms", "requires": "accept"}
CURRENT_PRIVACY = {**_CURRENT, "requires": None, "document": "privacy"}
CURRENT_TERMS = {**_CURRENT, "requires": None, "document": "terms"}
ABSENT = expected("not_applicable document_missing", "returns")

SEVEN = {
    "required": ("1.0 01-01; 2.0 01-02", "review_required material version=2.0 redline=1.0..2.0"),
    "initial": ("1.0 01-01", "initial never_agreed version=1.0"),
    "declined": ("1.0 01-01", "declined declined version=1.0"),
    "notice": ("1.0 01-01; 1.1 01-02 notice", "notice notice version=1.1 redline=1.0..1.1"),
    "upcoming": ("1.0 01-01; 2.0 02-01 announced=01-02", "upcoming current version=2.0 base=1.0 upcoming=2.0"),
    "current": ("1.0 01-01", "up_to_date current base=1.0"),
    "retired": ("1.0 01-01; retired 01-02", "not_applicable retired"),
}
"""Each document's versions, and what is expected of it; the most urgent first."""


def cases() -> list[Json]:
    """Every case."""
    nowhere = expected("not_applicable document_missing", "nowhere")
    unknown = {**ABSENT, "state": "unknown"}
    lost = {**AGREED, "document": "returns"}
    no_manifest = [expected("unknown no_manifest", name) for name in ("terms", "privacy")]
    return [
        _case("neither was agreed to: the first named leads", [], "terms", [ASKED_TERMS, ASKED_PRIVACY]),
        _case("one was agreed to: the other leads", [AGREED], "terms", [CURRENT_PRIVACY, ASKED_TERMS]),
        _case("both were agreed to", [ACCEPTED, AGREED], "privacy", [CURRENT_PRIVACY, CURRENT_TERMS]),
        _case("a document that is not there does not lead", [AGREED], "privacy", [ABSENT, CURRENT_PRIVACY]),
        _case("no document at all", [AGREED], None, []),
        _case("no manifest at all", [AGREED], "terms", no_manifest, None),
        _case("one that is not known does not lead", [lost], "nowhere", [unknown, nowhere]),
        *_of_seven(),
    ]


def _of_seven() -> list[Json]:
    """One document in each state, asked about together with all that are less urgent, the least urgent first."""
    published = manifest(**{name: told for name, (told, _) in SEVEN.items()})
    agreed = [
        {**AGREED, "at": day("01-01"), "document": name} for name in ("required", "notice", "upcoming", "current")
    ]
    records = [*agreed, record("declined 1.0 01-01 document=declined")]
    states = [expected(told, name) for name, (_, told) in SEVEN.items()]
    name = "{state} leads whatever is less urgent".format_map
    return [
        _case(name(state), records, state["document"], states[place:][::-1], published)
        for place, state in enumerate(states)
    ]


def _case(name: str, records: list[Json], leader: str | None, states: list[Json], found: Json | None = BOTH) -> Json:
    nobody = {"state": "not_applicable", "reason": "no_documents"}
    lead = next((state for state in states if state["document"] == leader), nobody)
    return {
        "name": name,
        "manifest": found,
        "documents": [state["document"] for state in states],
        "records": records,
        "now": day("01-03"),
        "expected": {
            "state": lead["state"],
            "reason": lead["reason"],
            "document": leader,
            "documents": {state["document"]: state for state in states},
        },
    }
