"""Cases of what a customer is shown: the union of clause changes, the pages that show them, several documents."""

from vectors.building import (
    Cases,
    Json,
    case,
    change,
    clause,
    day,
    digest,
    document,
    manifest,
    of,
    record,
    steps,
    version,
)

FIRST = version("1.0", "01-01")
AGREED = record("acknowledged", "1.0", "01-02")


def shown(name: str, later: list[list[Json]], *expected: Json) -> Json:
    """A customer of 1.0 before versions 2.0, 3.0, … with these changes: what they are shown."""
    versions = [version(f"{place}.0", f"{place:02}-01", "material", *rows) for place, rows in enumerate(later, 2)]
    last = f"{len(later) + 1}.0"
    return case(name, manifest(FIRST, *versions), [AGREED], "12-01", "review_required", "material", version=last,
                base="1.0", changes=list(expected), redline=steps(f"1.0..{last}"))


def union() -> Cases:
    """What became of a clause over several versions."""
    return [
        shown("one version's changes as they are",
              [[change("scope", "modified", note="Wider."), change("cookies", "removed", severity="notice")]],
              clause("scope", "modified", notes=["Wider."]), clause("cookies", "removed", severity="notice")),
        shown("all kinds, the highest severity, notes in order",
              [[change("scope", "modified", severity="material", note="One.")],
               [change("scope", "retitled", severity="editorial", note="Two.")]],
              clause("scope", "modified", "retitled", severity="material", notes=["One.", "Two."])),
        shown("five versions behind, with mixed severities",
              [[change("scope", "modified", severity="editorial")], [change("cookies", "added", severity="notice")],
               [change("scope", "modified", severity="notice", note="Wider.")], [change("scope", "moved")],
               [change("cookies", "modified", severity="material", note="Longer.")]],
              clause("scope", "modified", "moved", severity="notice", notes=["Wider."]),
              clause("cookies", "added", "modified", severity="material", notes=["Longer."])),
        shown("an unknown severity is material", [[change("scope", "modified", severity="unclassified")]],
              clause("scope", "modified", severity="material")),
        shown("added, then removed: nothing is left",
              [[change("scope", "added", note="New.")], [change("scope", "removed", note="Gone.")]]),
        shown("removed, then added: modified",
              [[change("scope", "removed", severity="material", note="Gone.")], [change("scope", "added",
              note="Back.")]],
              clause("scope", "modified", severity="material", notes=["Gone.", "Back."])),
        shown("removed, added and removed again",
              [[change("scope", "removed")], [change("scope", "added")], [change("scope", "removed")]],
              clause("scope", "modified", "removed")),
        shown("modified, then removed", [[change("scope", "modified", note="One.")], [change("scope", "removed")]],
              clause("scope", "modified", "removed", notes=["One."])),
        shown("a new id takes its past along",
              [[change("scope", "modified", severity="notice", note="One.")],
               [change("reach", "retitled", note="Two.", was=["scope"])]],
              clause("reach", "modified", "retitled", severity="notice", notes=["One.", "Two."])),
        shown("added, then under another id: still there",
              [[change("scope", "added", note="New.")], [change("reach", "retitled", was=["scope"])]],
              clause("reach", "added", "retitled", notes=["New."])),
        shown("added, under another id, then removed: nothing is left",
              [[change("scope", "added")], [change("reach", "retitled", was=["scope"])], [change("reach", "removed")]]),
        shown("a clause that another was made of has no row for being removed",
              [[change("scope", "modified", note="One."), change("cookies", "modified", note="Two.")],
               [change("scope", "merged", was=["cookies"]), change("cookies", "removed")]],
              clause("scope", "merged", "modified", notes=["One.", "Two."])),
        shown("another id for a clause that had not changed before", [[change("reach", "retitled", was=["scope"])]],
              clause("reach", "retitled")),
        shown("added, then made of an old one, too, then removed: the old one is gone",
              [[change("scope", "added"), change("cookies", "modified", note="One.")],
               [change("scope", "modified", was=["cookies"]), change("cookies", "removed")],
               [change("scope", "removed")]],
              clause("scope", "added", "modified", "removed", notes=["One."])),
        shown("added, then merged with one that had not changed, then removed: the old one is gone",
              [[change("scope", "added")],
               [change("scope", "merged", was=["cookies"]), change("cookies", "removed")],
               [change("scope", "removed")]],
              clause("scope", "added", "merged", "removed")),
        shown("and added again: modified",
              [[change("scope", "added")],
               [change("scope", "merged", was=["cookies"]), change("cookies", "removed")],
               [change("scope", "removed")], [change("scope", "added", "moved")]],
              clause("scope", "merged", "modified", "moved")),
        shown("split: both have the past of the one",
              [[change("scope", "modified", severity="notice", note="One.")],
               [change("scope", "modified", "split"), change("reach", "split", was=["scope"])]],
              clause("scope", "modified", "split", severity="notice", notes=["One."]),
              clause("reach", "modified", "split", severity="notice", notes=["One."])),
        shown("split, then merged again: each note once",
              [[change("scope", "modified", note="One.")],
               [change("scope", "split", note="Two."), change("reach", "split", note="Three.", was=["scope"])],
               [change("scope", "merged", note="Four.", was=["reach"])]],
              clause("scope", "merged", "modified", "split", notes=["One.", "Two.", "Three.", "Four."])),
        shown("the order is the last version's",
              [[change("scope", "modified"), change("cookies", "modified")],
               [change("cookies", "moved"), change("scope", "modified")]],
              clause("cookies", "modified", "moved"), clause("scope", "modified")),
        shown("what only an older version changed stays behind what it stood behind",
              [[change("scope", "modified"), change("cookies", "modified"), change("contact", "modified")],
               [change("cookies", "modified"), change("logs", "added")]],
              clause("scope", "modified"), clause("cookies", "modified"), clause("contact", "modified"),
              clause("logs", "added")),
        shown("three in a row, with one new before them",
              [[change("scope", "modified"), change("cookies", "modified"), change("contact", "modified")],
               [change("logs", "added")]],
              clause("scope", "modified"), clause("cookies", "modified"), clause("contact", "modified"),
              clause("logs", "added")),
        shown("what stood behind a clause that is gone stands where that stood",
              [[change("scope", "modified"), change("cookies", "modified")],
               [change("contact", "modified"), change("scope", "removed")]],
              clause("cookies", "modified"), clause("contact", "modified"), clause("scope", "modified", "removed")),
        shown("removed clauses come last",
              [[change("scope", "removed"), change("cookies", "modified")], [change("contact", "modified")]],
              clause("cookies", "modified"), clause("contact", "modified"), clause("scope", "removed")),
        case("a withdrawn version changed nothing",
             manifest(FIRST,
                      version("2.0", "03-01", "material", change("scope", "modified"), announced="02-01",
                              withdrawn_at=day("02-02")),
                      version("1.1", "04-01", "notice", change("cookies", "modified"))),
             [AGREED], "05-01", "notice", "notice", version="1.1", base="1.0", changes=[clause("cookies", "modified")],
             redline=steps("1.0..1.1")),
        case("versions before the base do not count",
             manifest(FIRST, version("1.1", "02-01", "notice", change("scope", "modified")),
                      version("1.2", "03-01", "notice", change("cookies", "modified"))),
             [record("acknowledged", "1.1", "02-02")], "04-01", "notice", "notice", version="1.2", base="1.1",
             changes=[clause("cookies", "modified")], redline=steps("1.1..1.2")),
    ]


def pages() -> Cases:
    """Which pages show a pair of versions, where few pairs have one."""
    def behind(count: int, base: int, *expected: str, withdrawn: tuple[int, ...] = (), **rule: int) -> Json:
        rows = [
            version(f"{place}.0", f"01-{place:02}", **({"withdrawn_at": day("01-01")} if place in withdrawn else {}))
            for place in range(1, count + 1)
        ]
        told = f", without {', '.join(map(str, withdrawn))}" if withdrawn else ""
        name = f"from {base} to {count}{told}, all up to {rule['up_to']}, {rule['window']} apart"
        return case(name, manifest(*rows, **rule), [record("acknowledged", f"{base}.0", "01-31")], "02-01",
                    "review_required", "material", version=f"{count}.0", base=f"{base}.0", changes=[],
                    redline=steps(*expected))

    return [
        behind(4, 1, "1.0..4.0", up_to=4, window=1),
        behind(5, 1, "1.0..4.0", "4.0..5.0", up_to=4, window=1),
        behind(5, 2, "2.0..5.0", up_to=4, window=3),
        behind(9, 3, "3.0..6.0", "6.0..9.0", up_to=4, window=3),
        behind(9, 1, "1.0..4.0", "4.0..7.0", "7.0..9.0", up_to=4, window=3),
        behind(9, 3, "3.0..5.0", "5.0..8.0", "8.0..9.0", withdrawn=(6,), up_to=4, window=3),
        behind(9, 3, "3.0..6.0", "6.0..9.0", withdrawn=(4, 5, 6), up_to=4, window=3),
        behind(3, 1, up_to=1, window=0),
    ]


def manifests() -> Cases:
    """Manifests with more, or less, than a client knows."""
    row = manifest(FIRST)["documents"]["privacy"]["versions"][0]

    def broken(name: str, found: object) -> Json:
        return case(f"none: {name}", found, [AGREED], "01-03", "unknown", "no_manifest")

    def without(key: str) -> Json:
        return of(privacy={**document(FIRST), "versions": [{name: value for name,
            value in row.items() if name != key}]})

    def changed(**more: object) -> Json:
        return manifest(FIRST, version("2.0", "02-01", "material", {"clause": "scope", "title": "Scope", **more}))

    def pages_of(**more: object) -> Json:
        return of(privacy={**document(FIRST), "redline": {"url": "{from}..{to}", "all_up_to": 30, "window": 5, **more}})

    shuffled = manifest(FIRST, version("2.0", "02-01"))
    shuffled["documents"]["privacy"]["versions"].reverse()
    return [
        case("unknown fields are left alone",
             {**of(privacy={**document({**FIRST, "mood": "glad"}), "colour": "blue"}), "weather": []},
             [AGREED], "01-03", "up_to_date", "current", base="1.0"),
        case("an unknown requirement asks for acceptance", manifest(version("1.0", "01-01", requires="sign")), [AGREED],
             "01-03", "review_required", "no_agreement", version="1.0", requires="accept"),
        case("an unknown severity is material", manifest(FIRST, version("1.1", "02-01", "grave")), [AGREED], "02-02",
             "review_required", "material", version="1.1", base="1.0", changes=[], redline=steps("1.0..1.1")),
        case("unclassified is material", manifest(FIRST, version("1.1", "02-01", "unclassified")), [AGREED], "02-02",
             "review_required", "material", version="1.1", base="1.0", changes=[], redline=steps("1.0..1.1")),
        case("the order is the sequence, wherever a row stands", shuffled, [AGREED], "02-02", "review_required",
             "material", version="2.0", base="1.0", changes=[], redline=steps("1.0..2.0")),
        broken("a list", []),
        broken("another schema version", {**manifest(FIRST), "schema_version": 2}),
        broken("no serial", {**manifest(FIRST), "serial": None}),
        broken("no documents", {"schema_version": 1, "serial": 1}),
        broken("a document that is null", of(privacy=document(FIRST)) | {"documents": {"privacy": None}}),
        broken("a document without versions", of(privacy={**document(FIRST), "versions": []})),
        *[broken(f"a version without {key}", without(key))
          for key in ("sequence", "version", "digest", "announced_at", "effective_at", "changes")],
        broken("an instant that is none", manifest({**FIRST, "effective_at": "soon"})),
        broken("a schema version that is true", {**manifest(FIRST), "schema_version": True}),
        broken("a serial with a fraction", {**manifest(FIRST), "serial": 1.5}),
        broken("a serial that is true", {**manifest(FIRST), "serial": True}),
        broken("a serial that not every language can hold", {**manifest(FIRST), "serial": 2**53}),
        broken("documents that are a list", {**manifest(FIRST), "documents": []}),
        broken("documents that are a number", {**manifest(FIRST), "documents": 7}),
        broken("versions that are an object", of(privacy={**document(FIRST), "versions": {"length": 1}})),
        broken("a retirement that is no instant", of(privacy={**document(FIRST), "retired_at": "soon"})),
        *[broken(f"redlines with {key}: {value!r}", pages_of(**{key: value})) for key, value in (
            ("url", None), ("all_up_to", "30"), ("all_up_to", None), ("window", 1.5), ("window", "5"))],
        *[broken(f"a version with {key}: {value!r}", manifest({**FIRST, key: value})) for key, value in (
            ("version", 1), ("digest", 1), ("text_digest", None), ("requires", None), ("sequence", "1"),
            ("changes", ""), ("changes", [None]), ("announced_at", 0), ("translations", []),
            ("translations", {"zh": None}), ("translations", {"zh": {"digest": 1}}))],
        *[broken(f"a change with {key}: {value!r}", changed(**{key: value})) for key, value in (
            ("clause", 1), ("title", None), ("note", 1), ("kinds", "added"), ("kinds", [1]), ("was", {}),
            ("was", [None]))],
        case("the largest number that every language can hold", {**manifest(FIRST), "serial": 2**53 - 1}, [AGREED],
             "01-03", "up_to_date", "current", base="1.0"),
        case("whole numbers may be written with a point", {**manifest(FIRST), "schema_version": 1.0, "serial": 1.0},
             [AGREED], "01-03", "up_to_date", "current", base="1.0"),
        case("a change with nothing but its clause and title", changed(), [AGREED], "02-02", "review_required",
             "material", version="2.0", base="1.0", changes=[clause("scope", severity="material")],
             redline=steps("1.0..2.0")),
        case("a version without severity is material", of(privacy={**document(FIRST), "versions": [row, {
             key: value for key, value in {**row, **version("1.1", "02-01"), "sequence": 2}.items()
             if key != "severity"}]}), [AGREED], "02-02",
             "review_required", "material", version="1.1", base="1.0", changes=[], redline=steps("1.0..1.1")),
    ]


def several() -> Cases:
    """``review_all``: the worst state leads, and of equal ones the document named first."""
    terms = version("1.0", "01-01", requires="accept", digest=digest("terms"))
    both = of(privacy=document(FIRST), terms=document(terms, name="terms"))
    nothing: Json = {"base": None, "changes": None, "redline": None, "upcoming": [], "snoozed_until": None, "flags": []}
    asked: Json = {"state": "initial", "reason": "never_agreed", "version": "1.0", **nothing}
    privacy, of_terms = {"document": "privacy", "requires": "acknowledge"}, {"document": "terms", "requires": "accept"}
    agreed: Json = {"state": "up_to_date", "reason": "current", "version": None, **nothing, "base": "1.0",
        "requires": None}
    accepted = record("accepted", "1.0", "01-02", document="terms", digest=digest("terms"))
    absent: Json = {"document": "returns", "state": "not_applicable", "reason": "document_missing", "version": None,
                    "requires": None, **nothing}

    def all_of(name: str, documents: list[str], records: list[Json], leader: str | None, *states: Json,
               found: Json | None = both) -> Json:
        lead: Json = next((each for each in states if each["document"] == leader),
                          {"state": "not_applicable", "reason": "no_documents"})
        return {
            "name": name, "manifest": found, "documents": documents, "records": records, "now": day("01-03"),
            "expected": {"state": lead["state"], "reason": lead["reason"], "document": leader,
                         "documents": {each["document"]: each for each in states}},
        }  # fmt: skip

    unknown = {**absent, "state": "unknown"}
    lost = [{**AGREED, "document": "returns"}]
    every, records = one_of_each(nothing)
    return [
        all_of("neither was agreed to: the first named leads", ["terms", "privacy"], [], "terms",
               {**asked, **of_terms}, {**asked, **privacy}),
        all_of("one was agreed to: the other leads", ["privacy", "terms"], [AGREED], "terms",
               {**agreed, "document": "privacy"}, {**asked, **of_terms}),
        all_of("both were agreed to", ["privacy", "terms"], [accepted, AGREED], "privacy",
               {**agreed, "document": "privacy"}, {**agreed, "document": "terms"}),
        all_of("a document that is not there does not lead", ["returns", "privacy"], [AGREED], "privacy",
               absent, {**agreed, "document": "privacy"}),
        all_of("no document at all", [], [AGREED], None),
        all_of("no manifest at all", ["terms", "privacy"], [AGREED], "terms",
               *({**absent, "document": name, "state": "unknown", "reason": "no_manifest"}
                 for name in ("terms", "privacy")), found=None),
        all_of("one that is not known does not lead", ["returns", "nowhere"], lost, "nowhere", unknown,
               {**absent, "document": "nowhere"}),
        *(all_of(f"{every[place]['state']} leads whatever is less urgent",
                 [each["document"] for each in reversed(every[place:])], records, every[place]["document"],
                 *reversed(every[place:]), found=SEVEN) for place in range(len(every))),
    ]


SEVEN = of(
    required=document(FIRST, version("2.0", "01-02"), name="required"),
    initial=document(FIRST, name="initial"),
    declined=document(FIRST, name="declined"),
    notice=document(FIRST, version("1.1", "01-02", "notice"), name="notice"),
    upcoming=document(FIRST, version("2.0", "02-01", announced="01-02"), name="upcoming"),
    current=document(FIRST, name="current"),
    retired=document(FIRST, name="retired", retired="01-02"),
)


def one_of_each(nothing: Json) -> tuple[list[Json], list[Json]]:
    """What is expected of each document of ``SEVEN``, the most urgent first, and the customer's records."""
    def told(name: str, state: str, reason: str, **more: object) -> Json:
        required = "acknowledge" if "version" in more else None
        return {"document": name, "state": state, "reason": reason, "version": None, "requires": required,
                **nothing, **more}

    since = {"base": "1.0", "changes": []}
    states = [
        told("required", "review_required", "material", version="2.0", **since,
             redline=steps("1.0..2.0", name="required")),
        told("initial", "initial", "never_agreed", version="1.0"),
        told("declined", "declined", "declined", version="1.0"),
        told("notice", "notice", "notice", version="1.1", **since, redline=steps("1.0..1.1", name="notice")),
        told("upcoming", "upcoming", "current", version="2.0", base="1.0", upcoming=["2.0"]),
        told("current", "up_to_date", "current", base="1.0"),
        told("retired", "not_applicable", "retired"),
    ]
    names = ("required", "notice", "upcoming", "current")
    agreed = [{**AGREED, "at": day("01-01"), "document": name} for name in names]
    return states, [*agreed, record("declined", "1.0", "01-01", document="declined")]
