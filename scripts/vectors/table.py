"""Cases of every row of the table, of each two neighbouring rows, and of what a record or a clock may be."""

from vectors.building import Cases, Json, case, digest, document, manifest, of, record, steps, version

FIRST = version("1.0", "01-01")
SPELLING = version("1.1", "02-01", "editorial")
WORTH_TELLING = version("1.2", "03-01", "notice")
SECOND = version("2.0", "04-01", announced="03-02")

ONE = manifest(FIRST)
FOUR = manifest(FIRST, SPELLING, WORTH_TELLING, SECOND)
SOON = manifest(FIRST, SECOND)
SINCE_FIRST: Json = {"base": "1.0", "changes": []}


def acknowledged(number: str, at: str, **more: object) -> Json:
    """A customer said: I have read this."""
    return record("acknowledged", number, at, **more)


def accepted(number: str, at: str, **more: object) -> Json:
    """A customer said: Accept."""
    return record("accepted", number, at, **more)


def declined(number: str, at: str, **more: object) -> Json:
    """A customer said: Do not accept."""
    return record("declined", number, at, **more)


def dismissed(number: str, at: str, **more: object) -> Json:
    """A customer said: Later."""
    return record("dismissed", number, at, **more)


def rows() -> Cases:
    """Each row of the table by itself."""
    retired = manifest(FIRST, retired="06-01")
    withdrawn = manifest(version("1.0", "03-01", announced="01-01", withdrawn_at="2026-02-01T00:00:00Z"))
    coming = manifest(version("1.0", "03-01", announced="01-01"))
    informs = manifest(version("1.0", "01-01", requires="inform"))
    stronger = manifest(FIRST, version("1.1", "02-01", "editorial", requires="accept"))
    return [
        case("1: no manifest", None, [acknowledged("1.0", "01-02")], "05-01", "unknown", "no_manifest"),
        case("2: the document is missing, and there is a record of it", of(terms=document(FIRST, name="terms")),
             [acknowledged("1.0", "01-02")], "05-01", "unknown", "document_missing"),
        case("2: the document is missing, and nothing is known of it", of(terms=document(FIRST, name="terms")),
             [accepted("1.0", "01-02", document="terms")], "05-01", "not_applicable", "document_missing"),
        case("3: retired", retired, [], "06-01", "not_applicable", "retired"),
        case("3: retired, and agreed to before: nothing is compared any more",
             manifest(FIRST, SECOND, retired="06-01"), [acknowledged("1.0", "01-02")], "06-01", "not_applicable",
             "retired"),
        case("4: nothing stands", withdrawn, [], "05-01", "not_applicable", "nothing_in_force"),
        case("4: the first version was agreed to early", coming, [acknowledged("1.0", "02-01")], "02-02",
             "up_to_date", "accepted_ahead", upcoming=["1.0"]),
        case("4: the first version is not yet in force", coming, [], "02-01", "upcoming", "not_yet_in_force",
             version="1.0", upcoming=["1.0"]),
        case("5: the customer agreed to a version of a newer manifest", ONE,
             [acknowledged("2.0", "02-01", manifest_serial=2)], "02-02", "up_to_date", "ahead_of_manifest",
             flags=["ignored_record"]),
        case("6: declined", ONE, [declined("1.0", "01-02")], "01-03", "declined", "declined", version="1.0"),
        case("7: current", FOUR, [acknowledged("2.0", "04-02")], "05-01", "up_to_date", "current", base="2.0"),
        case("7: older text restored", manifest(FIRST, SECOND, version("3.0", "06-01", text="1.0")),
             [acknowledged("1.0", "01-02")], "06-02", "up_to_date", "same_text", **SINCE_FIRST,
             redline=steps("1.0..3.0")),
        case("8a: first visit where informing is enough", informs, [], "01-02", "up_to_date", "first_visit"),
        case("8b: only a decline that a material version ended", SOON, [declined("1.0", "01-02")], "04-02",
             "review_required", "no_agreement", version="2.0"),
        case("8b: only a record of an unknown version", ONE, [acknowledged("9.9", "01-02")], "01-03",
             "review_required", "unknown_version", version="1.0", flags=["ignored_record"]),
        case("8b: only a record with another digest", ONE, [acknowledged("1.0", "01-02", digest=digest("forged"))],
             "01-03", "review_required", "digest_mismatch", version="1.0", flags=["ignored_record"]),
        case("8c: never agreed", ONE, [], "01-03", "initial", "never_agreed", version="1.0"),
        case("9: a material version since", SOON, [acknowledged("1.0", "01-02")], "04-01", "review_required",
             "material", version="2.0", **SINCE_FIRST, redline=steps("1.0..2.0")),
        case("9: more is required than was given", stronger, [acknowledged("1.0", "01-02")], "02-02",
             "review_required", "stronger_requirement", version="1.1", requires="accept", **SINCE_FIRST,
             redline=steps("1.0..1.1")),
        case("9: a material version since, where informing is enough", manifest(FIRST,
             version("2.0", "04-01", requires="inform")), [acknowledged("1.0", "01-02")], "04-02", "notice",
             "material", version="2.0", requires="inform", **SINCE_FIRST, redline=steps("1.0..2.0")),
        case("10: worth telling", FOUR, [acknowledged("1.0", "01-02")], "03-03", "notice", "notice", version="1.2",
             **SINCE_FIRST, redline=steps("1.0..1.2"), upcoming=["2.0"]),
        case("11: editorial only", manifest(FIRST, SPELLING), [acknowledged("1.0", "01-02")], "02-02", "up_to_date",
             "editorial", **SINCE_FIRST, redline=steps("1.0..1.1")),
    ]


def neighbours() -> Cases:
    """Two rows that could both match: the first one does."""
    missing = of(terms=document(FIRST, name="terms"))
    retired_unborn = manifest(version("1.0", "03-01", announced="01-01"), retired="02-01")
    coming = manifest(version("1.0", "03-01", announced="01-01"))
    strict = manifest(FIRST, version("1.1", "02-01", "editorial", requires="accept"))
    informing = manifest(FIRST, version("1.1", "02-01", "notice", requires="inform"))
    restored = manifest(FIRST, SECOND, version("3.0", "06-01", text="1.0"))
    newer = acknowledged("9.0", "04-03", manifest_serial=9)
    return [
        case("1 before 2: without a manifest no document is missing", None, [], "05-01", "unknown", "no_manifest"),
        case("2 before 3: a missing document is not retired", missing, [], "05-01", "not_applicable",
             "document_missing"),
        case("3 before 4: retired before the first version took effect", retired_unborn, [], "02-01",
             "not_applicable", "retired"),
        case("3: not yet retired", manifest(FIRST, retired="06-01"), [], "05-31", "initial", "never_agreed",
             version="1.0"),
        case("4 before 5: nothing is in force, and a record is ahead", coming, [newer], "02-01", "upcoming",
             "not_yet_in_force", version="1.0", upcoming=["1.0"], flags=["ignored_record"]),
        case("4: the announcement was dismissed", coming, [dismissed("1.0", "01-02")], "02-01", "upcoming",
             "not_yet_in_force", upcoming=["1.0"]),
        case("4: an early agreement to another than the last version",
             manifest(version("1.0", "03-01", announced="01-01"), version("2.0", "04-01", announced="01-02")),
             [acknowledged("1.0", "01-03")], "02-01", "upcoming", "not_yet_in_force", version="2.0",
             upcoming=["1.0", "2.0"]),
        case("5 before 6: ahead of the manifest, and declined", SOON, [declined("2.0", "04-02"), newer], "04-04",
             "up_to_date", "ahead_of_manifest", flags=["ignored_record"]),
        case("5 before 9: ahead of the manifest, and behind it", SOON, [acknowledged("1.0", "01-02"), newer],
             "04-04", "up_to_date", "ahead_of_manifest", base="1.0", changes=[], redline=steps("1.0..2.0"),
             flags=["ignored_record"]),
        case("5: a record of an older manifest is not ahead", SOON, [{**newer, "manifest_serial": 2}], "04-04",
             "review_required", "unknown_version", version="2.0", flags=["ignored_record"]),
        case("5: nor is a record that kept no serial", {**ONE, "serial": 0},
             [acknowledged("9.0", "01-02", manifest_serial=None)], "01-03", "review_required", "unknown_version",
             version="1.0", flags=["ignored_record"]),
        case("5: a decline is not ahead", SOON, [declined("9.0", "04-03", manifest_serial=9)], "04-04",
             "review_required", "unknown_version", version="2.0", flags=["ignored_record"]),
        case("6 before 7: agreed, then declined", ONE, [acknowledged("1.0", "01-02"), declined("1.0", "01-03")],
             "01-04", "declined", "declined", version="1.0", base="1.0"),
        case("7 before 6: declined, then agreed", ONE, [declined("1.0", "01-02"), acknowledged("1.0", "01-03")],
             "01-04", "up_to_date", "current", base="1.0"),
        case("6 before 8: a decline is an answer", SOON, [declined("2.0", "04-02")], "04-03", "declined",
             "declined", version="2.0"),
        case("6 before 9: agreed once, declined what came after", SOON,
             [acknowledged("1.0", "01-02"), declined("2.0", "04-02")], "04-03", "declined", "declined",
             version="2.0", base="1.0", changes=[], redline=steps("1.0..2.0")),
        case("7 before 8a: informed of the version in force", informing, [dismissed("1.1", "02-02")], "02-03",
             "up_to_date", "current", base="1.1"),
        case("7 before 9: the same text, and a material version between", restored,
             [acknowledged("1.0", "01-02")], "06-02", "up_to_date", "same_text", **SINCE_FIRST,
             redline=steps("1.0..3.0")),
        case("7: current goes before the same text", restored,
             [acknowledged("1.0", "01-02"), acknowledged("3.0", "06-02")], "06-03", "up_to_date", "current",
             base="3.0"),
        case("8a before 8b: where informing is enough, a lost record asks for nothing", informing,
             [acknowledged("9.9", "01-02")], "02-02", "up_to_date", "first_visit", flags=["ignored_record"]),
        case("8b: no_agreement before unknown_version", SOON,
             [declined("1.0", "01-02"), acknowledged("9.9", "01-03")], "04-02", "review_required", "no_agreement",
             version="2.0", flags=["ignored_record"]),
        case("8b: unknown_version before digest_mismatch", ONE,
             [acknowledged("1.0", "01-02", digest=digest("forged")), acknowledged("9.9", "01-03")], "01-04",
             "review_required", "unknown_version", version="1.0", flags=["ignored_record"]),
        case("8b before 8c: too weak for what the version requires", manifest(version("1.0", "01-01",
             requires="accept")),
             [acknowledged("1.0", "01-02")], "01-03", "review_required", "no_agreement", version="1.0",
             requires="accept"),
        case("8c: a dismissal is no answer", ONE, [dismissed("1.0", "01-02")], "01-03", "initial", "never_agreed",
             version="1.0"),
        case("8c: nor is one of a text that is lost", ONE, [dismissed("9.9", "01-02")], "01-03", "initial",
             "never_agreed", version="1.0", flags=["ignored_record"]),
        case("9 before 10: a notice, then a material version", FOUR, [acknowledged("1.1", "02-02")], "04-02",
             "review_required", "material", version="2.0", base="1.1", changes=[], redline=steps("1.1..2.0")),
        case("9: material goes before a stronger requirement",
             manifest(FIRST, version("2.0", "04-01", requires="accept")), [acknowledged("1.0", "01-02")], "04-02",
             "review_required", "material", version="2.0", requires="accept", **SINCE_FIRST,
             redline=steps("1.0..2.0")),
        case("9: the strength is that of the base, not of an older agreement",
             manifest(FIRST, SPELLING, version("1.2", "03-01", "editorial", requires="accept")),
             [accepted("1.0", "01-02"), acknowledged("1.1", "02-02")], "03-02", "review_required",
             "stronger_requirement", version="1.2", requires="accept", base="1.1", changes=[],
             redline=steps("1.1..1.2")),
        case("7 instead of 9: as strong as required", strict, [accepted("1.0", "01-02"), accepted("1.1", "02-02")],
             "02-03", "up_to_date", "current", base="1.1"),
        case("11 instead of 9: accepted when less was required", strict, [accepted("1.0", "01-02")], "02-02",
             "up_to_date", "editorial", **SINCE_FIRST, redline=steps("1.0..1.1")),
        case("10 before 11: a notice, then spelling",
             manifest(FIRST, version("1.1", "02-01", "notice"), version("1.2", "03-01", "editorial")),
             [acknowledged("1.0", "01-02")], "03-02", "notice", "notice", version="1.2", **SINCE_FIRST,
             redline=steps("1.0..1.2")),
        case("11 instead of 10: the notice was dismissed", manifest(FIRST, version("1.1", "02-01", "notice")),
             [acknowledged("1.0", "01-02"), dismissed("1.1", "02-02")], "02-03", "up_to_date", "editorial",
             **SINCE_FIRST, redline=steps("1.0..1.1")),
        case("10: a second notice after one that was dismissed",
             manifest(FIRST, version("1.1", "02-01", "notice"), version("1.2", "03-01", "notice")),
             [acknowledged("1.0", "01-02"), dismissed("1.1", "02-02")], "03-02", "notice", "notice", version="1.2",
             **SINCE_FIRST, redline=steps("1.0..1.2")),
        case("11 instead of 10: the notice is older than the agreement", FOUR, [acknowledged("1.2", "03-02")],
             "03-03", "upcoming", "current", version="2.0", base="1.2", upcoming=["2.0"]),
    ]


def odd_records() -> Cases:
    """Records that are late, forged, doubled, of other documents, or no records at all."""
    translated = {"zh": {"url": "privacy/1.0.zh/", "text": "privacy/1.0.zh.md", "digest": digest("1.0 zh")}}
    in_two_languages = manifest({**FIRST, "translations": translated})
    withdrawn = version("2.0", "04-01", announced="03-02", withdrawn_at="2026-03-10T00:00:00Z")
    fixed = version("3.0", "05-01", announced="03-11", text="2.0")
    told_only = manifest(version("1.0", "01-01", requires="inform"), SPELLING)
    raised = version("1.1", "02-01", "editorial", requires="accept")
    good = acknowledged("1.0", "01-02")
    asked: Json = {"state": "initial", "reason": "never_agreed", "version": "1.0", "flags": ["ignored_record"]}

    def ignored(name: str, broken: object) -> Json:
        return case(f"ignored: {name}", ONE, [broken], "01-03", **asked)

    return [
        case("a translation's digest", in_two_languages, [acknowledged("1.0", "01-02", digest=digest("1.0 zh"))],
             "01-03", "up_to_date", "current", base="1.0"),
        case("another document's record is no business of this one", ONE, [accepted("1.0", "01-02", document="terms")],
             "01-03", "initial", "never_agreed", version="1.0"),
        case("another document's broken record, too", ONE, [{"document": "terms", "action": "sold"}], "01-03",
             "initial", "never_agreed", version="1.0"),
        case("a good record beside a forged one", ONE, [good, acknowledged("1.0", "01-03", digest=digest("forged"))],
             "01-04", "up_to_date", "current", base="1.0", flags=["ignored_record"]),
        case("the same record twice", ONE, [good, good], "01-03", "up_to_date", "current", base="1.0"),
        case("records in any order", ONE, [acknowledged("1.0", "01-03"), declined("1.0", "01-02")], "01-04",
             "up_to_date", "current", base="1.0"),
        case("two at one instant: the id decides", ONE,
             [declined("1.0", "01-02", id="b"), acknowledged("1.0", "01-02", id="a")], "01-03", "declined",
             "declined", version="1.0", base="1.0"),
        case("two at one instant, told the other way round", ONE,
             [acknowledged("1.0", "01-02", id="a"), declined("1.0", "01-02", id="b")], "01-03", "declined",
             "declined", version="1.0", base="1.0"),
        case("ids are ordered by their UTF-16 code units", ONE,
             [declined("1.0", "01-02", id="\uff5e"), acknowledged("1.0", "01-02", id="\U0001f600")], "01-03",
             "declined", "declined", version="1.0", base="1.0"),
        case("an offset of almost a day", ONE,
             [declined("1.0", "2026-01-03T00:00:00+23:59", id="a"), acknowledged("1.0", "2026-01-02T00:01:30Z",
             id="b")],
             "01-04", "up_to_date", "current", base="1.0"),
        case("instants are compared, not their spelling", ONE,
             [declined("1.0", "2026-01-02T09:00:00+02:00", id="a"), acknowledged("1.0", "2026-01-02T08:00:00Z",
             id="b")],
             "01-03", "up_to_date", "current", base="1.0"),
        case("milliseconds count", ONE,
             [declined("1.0", "2026-01-02T00:00:00.002Z", id="a"), acknowledged("1.0", "2026-01-02T00:00:00.001Z",
             id="b")],
             "01-03", "declined", "declined", version="1.0", base="1.0"),
        case("finer digits do not: then the id decides", ONE,
             [declined("1.0", "2026-01-02T00:00:00.0019Z", id="a"),
              acknowledged("1.0", "2026-01-02T00:00:00.0011Z", id="b")],
             "01-03", "up_to_date", "current", base="1.0"),
        case("acknowledged although informing was enough, and more is required now", told_only,
             [acknowledged("1.0", "01-02")], "02-02", "up_to_date", "editorial", **SINCE_FIRST,
             redline=steps("1.0..1.1")),
        case("dismissed where informing was enough, and more is required now", told_only,
             [dismissed("1.0", "01-02")], "02-02", "initial", "never_agreed", version="1.1"),
        case("stronger and weaker agreement: the strongest counts", manifest(FIRST, raised),
             [accepted("1.0", "01-02"), acknowledged("1.0", "01-03")], "02-02", "up_to_date", "editorial",
             **SINCE_FIRST, redline=steps("1.0..1.1")),
        case("accepted although acknowledging was enough", ONE, [accepted("1.0", "01-02")], "01-03", "up_to_date",
             "current", base="1.0"),
        case("the highest version agreed to is the base, not the last record", FOUR,
             [acknowledged("1.2", "03-02"), acknowledged("1.0", "03-03")], "04-02", "review_required", "material",
             version="2.0", base="1.2", changes=[], redline=steps("1.2..2.0")),
        case("a withdrawn version that was agreed to early is no base", manifest(FIRST, withdrawn),
             [acknowledged("1.0", "01-02"), acknowledged("2.0", "03-03")], "05-01", "up_to_date", "current",
             base="1.0"),
        case("but its text counts when it is released anew", manifest(FIRST, withdrawn, fixed),
             [acknowledged("1.0", "01-02"), acknowledged("2.0", "03-03")], "05-02", "up_to_date", "same_text",
             base="1.0", changes=[], redline=steps("1.0..3.0")),
        case("only a withdrawn version was agreed to", manifest(FIRST, withdrawn), [acknowledged("2.0", "03-03")],
             "05-01", "review_required", "no_agreement", version="1.0"),
        case("a version withdrawn while it was upcoming never counts", manifest(FIRST, withdrawn), [good], "05-01",
             "up_to_date", "current", base="1.0"),
        case("declined, and only editorial versions since", manifest(FIRST, SPELLING), [declined("1.0", "01-02")],
             "02-02", "declined", "declined", version="1.1"),
        case("declined, and a notice since", manifest(FIRST, version("1.1", "02-01", "notice")),
             [declined("1.0", "01-02")], "02-02", "declined", "declined", version="1.1"),
        case("declined, then dismissed: still declined", ONE, [declined("1.0", "01-02"), dismissed("1.0", "01-03")],
             "01-04", "declined", "declined", version="1.0"),
        case("agreed to the new version, then declined the old one", SOON,
             [acknowledged("2.0", "04-02"), declined("1.0", "04-03")], "04-04", "up_to_date", "current", base="2.0"),
        case("what is upcoming was declined early", SOON, [acknowledged("1.0", "01-02"), declined("2.0", "03-03")],
             "03-04", "up_to_date", "current", base="1.0", upcoming=["2.0"]),
        case("and takes effect: the decline stands", SOON, [acknowledged("1.0", "01-02"), declined("2.0", "03-03")],
             "04-02", "declined", "declined", version="2.0", **SINCE_FIRST, redline=steps("1.0..2.0")),
        ignored("no object", "accepted"),
        ignored("null", None),
        ignored("a list", []),
        ignored("no document", {key: value for key, value in good.items() if key != "document"}),
        ignored("a document that is a number", {**good, "document": 7}),
        ignored("no id", {**good, "id": None}),
        ignored("an unknown action", {**good, "action": "signed"}),
        ignored("an instant without an offset", {**good, "at": "2026-01-02T00:00:00"}),
        ignored("a day instead of an instant", {**good, "at": "2026-01-02"}),
        ignored("an instant with something before it", {**good, "at": "on 2026-01-02T00:00:00Z"}),
        ignored("an instant with something behind it", {**good, "at": "2026-01-02T00:00:00Z or so"}),
        ignored("an offset of more than a day", {**good, "at": "2026-01-02T00:00:00+24:00"}),
        ignored("an offset without a colon", {**good, "at": "2026-01-02T00:00:00+0200"}),
        ignored("the year 0", {**good, "at": "0000-01-02T00:00:00Z"}),
        ignored("a leap second", {**good, "at": "2026-01-01T23:59:60Z"}),
        ignored("a minute that no hour has", {**good, "at": "2026-01-02T00:60:00Z"}),
        ignored("a month that no year has", {**good, "at": "2026-13-02T00:00:00Z"}),
        ignored("a point without digits", {**good, "at": "2026-01-02T00:00:00.Z"}),
        ignored("a day that no month has", {**good, "at": "2026-02-30T00:00:00Z"}),
        ignored("an hour that no day has", {**good, "at": "2026-01-02T24:00:00Z"}),
        ignored("a version that is a number", {**good, "version": 1.0}),
        ignored("no digest", {**good, "digest": None}),
        ignored("until that is no instant", {**good, "until": "soon"}),
        ignored("until that is a number", {**good, "until": 0}),
        ignored("a serial that is text", {**good, "manifest_serial": "1"}),
        ignored("a serial with a fraction", {**good, "manifest_serial": 1.5}),
        case("a serial that was not kept", ONE, [{**good, "manifest_serial": None}], "01-03", "up_to_date", "current",
             base="1.0"),
        case("unknown fields are left alone", ONE, [{**good, "colour": "blue"}], "01-03", "up_to_date", "current",
             base="1.0"),
    ]


def later() -> Cases:
    """What is announced, what was put off, and clocks."""
    week = {"until": "2026-04-09T00:00:00Z"}
    behind: Json = {"version": "2.0", **SINCE_FIRST, "redline": steps("1.0..2.0")}
    required = ("review_required", "material")
    spelling_soon = manifest(FIRST, version("1.1", "04-01", "editorial", announced="03-02"))
    two_soon = manifest(FIRST, version("2.0", "04-01", announced="03-02"), version("3.0", "05-01", announced="03-03"))
    withdrawn_soon = manifest(FIRST, version("2.0", "04-01", announced="03-02", withdrawn_at="2026-03-05T00:00:00Z"))
    informs = manifest(version("1.0", "01-01", requires="inform"), SECOND)
    good = acknowledged("1.0", "01-02")
    late = manifest(FIRST, version("1.1", "04-01", "notice", announced="03-02"))
    return [
        case("upcoming: announced while the customer is current", SOON, [good], "03-03", "upcoming", "current",
             version="2.0", base="1.0", upcoming=["2.0"]),
        case("upcoming: the instant before", SOON, [good], "2026-03-31T23:59:59.999Z", "upcoming", "current",
             version="2.0", base="1.0", upcoming=["2.0"]),
        case("upcoming: the very instant", SOON, [good], "04-01", *required, **behind),
        case("upcoming: dismissed", SOON, [good, dismissed("2.0", "03-03")], "03-04", "up_to_date", "current",
             base="1.0", upcoming=["2.0"]),
        case("upcoming: dismissed, and then in force", SOON, [good, dismissed("2.0", "03-03")], "04-02", *required,
             **behind),
        case("upcoming: accepted early", SOON, [good, acknowledged("2.0", "03-03")], "03-04", "up_to_date", "current",
             base="1.0", upcoming=["2.0"]),
        case("upcoming: accepted early, and then in force", SOON, [good, acknowledged("2.0", "03-03")], "04-02",
             "up_to_date", "current", base="2.0"),
        case("upcoming: a preview's record, of a release that was made again before it was published", SOON,
             [good, acknowledged("2.0", "03-03", digest=digest("2.0 as it was first made"))], "03-04", "upcoming",
             "current", version="2.0", base="1.0", upcoming=["2.0"], flags=["ignored_record"]),
        case("upcoming: an editorial version is not announced", spelling_soon, [good], "03-03", "up_to_date",
             "current", base="1.0", upcoming=["1.1"]),
        case("upcoming: the first that is not yet named", two_soon, [good, dismissed("2.0", "03-04")], "03-05",
             "upcoming", "current", version="3.0", base="1.0", upcoming=["2.0", "3.0"]),
        case("upcoming: a withdrawn version is not announced", withdrawn_soon, [good], "03-06", "up_to_date",
             "current", base="1.0"),
        case("upcoming: who has not agreed yet is asked for today's version", SOON, [], "03-03", "initial",
             "never_agreed", version="1.0", upcoming=["2.0"]),
        case("upcoming: a decline is not talked over", SOON, [declined("1.0", "01-02")], "03-03", "declined",
             "declined", version="1.0", upcoming=["2.0"]),
        case("upcoming: after a first visit where informing is enough", informs, [], "03-03", "upcoming",
             "first_visit", version="2.0", upcoming=["2.0"]),
        case("upcoming: after spelling", manifest(FIRST, SPELLING, SECOND), [good], "03-03", "upcoming", "editorial",
             version="2.0", **SINCE_FIRST, redline=steps("1.0..1.1"), upcoming=["2.0"]),
        case("upcoming: after older text was restored",
             manifest(FIRST, version("2.0", "02-01"), version("3.0", "03-01", text="1.0"),
                      version("4.0", "06-01", announced="03-02")), [good], "03-03", "upcoming", "same_text",
             version="4.0", **SINCE_FIRST, redline=steps("1.0..3.0"), upcoming=["4.0"]),
        case("upcoming: unclassified is announced as material",
             manifest(FIRST, version("1.1", "04-01", "unclassified", announced="03-02")), [good], "03-03", "upcoming",
             "current", version="1.1", base="1.0", upcoming=["1.1"]),
        case("upcoming: not while the manifest is behind", SOON, [good, acknowledged("9.0", "03-03",
             manifest_serial=9)],
             "03-04", "up_to_date", "ahead_of_manifest", base="1.0", upcoming=["2.0"], flags=["ignored_record"]),
        case("informing: a later visit", manifest(version("1.0", "01-01", requires="inform")),
             [dismissed("1.0", "01-02")], "01-03", "up_to_date", "current", base="1.0"),
        case("snoozed: asked again only after that", SOON, [good, dismissed("2.0", "04-02", **week)], "04-03",
             *required, **behind, snoozed_until="2026-04-09T00:00:00Z"),
        case("snoozed: over", SOON, [good, dismissed("2.0", "04-02", **week)], "04-09", *required, **behind),
        case("snoozed: for a week at most", SOON, [good, dismissed("2.0", "04-02", until="2027-04-02T00:00:00Z")],
             "04-03", *required, **behind, snoozed_until="2026-04-09T00:00:00Z"),
        case("snoozed: the last end counts", SOON,
             [good, dismissed("2.0", "04-02", until="2026-04-08T00:00:00Z"),
              dismissed("2.0", "04-03", until="2026-04-05T00:00:00Z")],
             "04-04", *required, **behind, snoozed_until="2026-04-08T00:00:00Z"),
        case("snoozed: rounded up to the second, in UTC", SOON,
             [good, dismissed("2.0", "04-02", until="2026-04-08T02:00:00.001+02:00")], "04-03", *required, **behind,
             snoozed_until="2026-04-08T00:00:01Z"),
        case("snoozed: by a dismissal at the instant of effect", SOON, [good, dismissed("2.0", "04-01",
             until="2026-04-08T00:00:00Z")], "04-02", *required, **behind, snoozed_until="2026-04-08T00:00:00Z"),
        case("snoozed: not by what is no dismissal", manifest(version("1.0", "01-01", requires="accept")),
             [acknowledged("1.0", "01-02", until="2026-01-05T00:00:00Z")], "01-03", "review_required",
             "no_agreement", version="1.0", requires="accept"),
        case("snoozed: not a decline, which opens nothing", ONE,
             [declined("1.0", "01-02"), dismissed("1.0", "01-02", id="z", until="2026-01-05T00:00:00Z")], "01-03",
             "declined", "declined", version="1.0"),
        case("snoozed: not by a dismissal before it took effect", SOON,
             [good, dismissed("2.0", "03-31", until="2026-04-06T00:00:00Z")], "04-02", *required, **behind),
        case("snoozed: not by a dismissal of another version", SOON,
             [good, dismissed("1.0", "04-02", **week)], "04-03", *required, **behind),
        case("snoozed: a dismissal without an end", SOON, [good, dismissed("2.0", "04-02")], "04-03", *required,
             **behind),
        case("snoozed: a first visit, too", ONE, [dismissed("1.0", "01-02", until="2026-01-05T00:00:00Z")], "01-03",
             "initial", "never_agreed", version="1.0", snoozed_until="2026-01-05T00:00:00Z"),
        case("snoozed: no longer once it was agreed to", SOON,
             [good, dismissed("2.0", "04-02", **week), acknowledged("2.0", "04-03")], "04-04", "up_to_date", "current",
             base="2.0"),
        case("clock: behind the last announcement", SOON, [good], "01-03", "upcoming", "current", version="2.0",
             base="1.0", upcoming=["2.0"], flags=["clock_behind"]),
        case("clock: five minutes behind is near enough", late, [good], "2026-03-01T23:55:00Z", "upcoming", "current",
             version="1.1", base="1.0", upcoming=["1.1"]),
        case("clock: a little more is not", late, [good], "2026-03-01T23:54:59.999Z", "upcoming", "current",
             version="1.1", base="1.0", upcoming=["1.1"], flags=["clock_behind"]),
        case("clock: so far behind that no version was in force", FOUR, [], "2025-01-01T00:00:00Z", "initial",
             "never_agreed", version="1.2", upcoming=["2.0"], flags=["clock_behind"]),
        case("clock: ahead, and what takes effect meanwhile is in force", SOON, [good], "2030-01-01T00:00:00Z",
             *required, **behind),
    ]
