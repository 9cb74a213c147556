"""Cases of two copies of a manifest: whether the second is gone by after the first, or which rule refuses it."""

from copy import deepcopy
from typing import Any

from vectors.tables import Json, day, digest, manifest

TITLE = "Which of two copies of the manifest to go by: null where the one offered is, or the rule that refuses it."
SCHEMA = "copy-vectors-1.json"

GERMAN = {"de": {"url": "privacy/1.0/de/", "text": "privacy/1.0.de.md", "digest": digest("deutsch")}}
EVENT, OTHER = digest("event 1"), digest("event 2")
_PRIVACY = "1.0 01-01; 1.1 02-01"


def _manifest(serial: int = 3, epoch: int | None = None, *, told: str = _PRIVACY, **fields: Any) -> Json:
    """Two versions and an event behind them; ``fields`` replace some of the document's."""
    made = manifest(privacy=told)
    made["serial"] = serial
    if epoch is not None:
        made["epoch"] = epoch
    made["documents"]["privacy"] |= {"events": [EVENT], "head": EVENT} | fields
    return made


def _row(place: int, **fields: Any) -> list[Json]:
    """The versions with some of one row's fields replaced."""
    rows = deepcopy(_manifest()["documents"]["privacy"]["versions"])
    rows[place] |= fields
    return rows


def cases() -> list[Json]:
    """Every case."""
    seen = (*_of_rewriting(), *_of_facts(), *_of_texts(), *_of_chains(), *_of_endings())
    return [*_of_order(), *_of_epochs(), *seen, *_of_counting()]


def _of_order() -> list[Json]:
    one = _manifest()
    return [
        _case("a first copy", None, one, None),
        _case("the same again", one, one, None),
        _case("the same serial, another base", one, {**one, "base": "https://moved.example/"}, None),
        _case("a serial that rose", one, _manifest(4), None),
        _case("a serial that fell", one, _manifest(2), "serial"),
        _case("a serial that rose as far as it may", one, _manifest(10_003), None),
        _case("a serial that rose further", one, _manifest(10_004), "serial"),
        _case("the largest serial that every language can hold", one, _manifest(2**53 - 1), "serial"),
        _case("a first serial as large as it may be", None, _manifest(1_000_000), None),
        _case("a larger first serial", None, _manifest(1_000_001), "serial"),
        _case("a negative first serial", None, _manifest(-1), "serial"),
        _case("what was first may rise beyond", _manifest(1_000_000), _manifest(1_010_000), None),
    ]


def _of_epochs() -> list[Json]:
    one, second = _manifest(), _manifest(1, 2)
    return [
        _case("no epoch is epoch 0", one, _manifest(3, 0), None),
        _case("a higher epoch's lower serial", one, _manifest(1, 1), None),
        _case("a higher epoch's first serial as large as it may be", one, _manifest(1_000_000, 1), None),
        _case("a higher epoch's larger serial", one, _manifest(1_000_001, 1), "serial"),
        _case("an epoch that rose by two", one, _manifest(4, 2), "serial"),
        _case("an epoch that fell", _manifest(3, 1), _manifest(4), "serial"),
        _case("within an epoch the serial never falls", _manifest(3, 1), _manifest(2, 1), "serial"),
        _case("a first copy's epoch", None, _manifest(3, 7), None),
        _case("the highest epoch", None, _manifest(3, 1_000_000), None),
        _case("a higher one than there is", None, _manifest(3, 1_000_001), "serial"),
        _case("one that follows the highest", _manifest(3, 1_000_000), _manifest(3, 1_000_001), "serial"),
        _case("a negative epoch", None, _manifest(3, -1), "serial"),
        _case("a higher epoch keeps what was published", one, _manifest(1, 1, versions=_row(1)[:1]), "rewritten"),
        _case("the shop's own epoch", _manifest(3, 2), second | {"serial": 4}, None, 2),
        _case("another epoch than the shop's", one, _manifest(4), "epoch", 2),
        _case("a higher one than the shop's", second, _manifest(4, 3), "epoch", 2),
        _case("the shop's epoch may be the first", None, one, None, 0),
        _case("a copy of another epoch than the shop's counts for nothing", _manifest(9, 7), second, None, 2),
        _case("… nor what it had published", _manifest(9, 7, versions=_row(1, digest=OTHER)), second, None, 2),
        _case("within the shop's epoch the serial never falls", _manifest(3, 2), second, "serial", 2),
        _case("within the shop's epoch nothing is rewritten", second, _manifest(2, 2, events=[]), "rewritten", 2),
        _case("the shop's epoch and a first serial that is too large", one, _manifest(1_000_001, 2), "serial", 2),
    ]


def _of_rewriting() -> list[Json]:
    one, translated = _manifest(), _manifest(versions=_row(0, translations=GERMAN))
    swapped = {"de": {**GERMAN["de"], "digest": digest("1.0")}}
    longer = manifest(privacy=f"{_PRIVACY}; 2.0 03-01")["documents"]["privacy"]["versions"]
    two = _manifest()
    two["documents"]["terms"] = manifest(terms="1.0 01-01")["documents"]["terms"]
    moved = [{**row, "sequence": row["sequence"] + 1} for row in _row(0)]
    before = [{**longer[2], "sequence": 1}, *moved]
    return [
        _case("another digest at the same serial", one, _manifest(versions=_row(0, digest=OTHER)), "rewritten"),
        _case("another digest at a higher serial", one, _manifest(4, versions=_row(1, digest=OTHER)), "rewritten"),
        _case("a version that is gone", one, _manifest(4, versions=_row(0)[:1]), "rewritten"),
        _case("another number for the same digest", one, _manifest(4, versions=_row(1, version="1.2")), "rewritten"),
        _case("a version more", one, _manifest(4, versions=longer), None),
        _case("a version put in before others", one, _manifest(4, versions=before), "rewritten"),
        _case("rows in another order", one, _manifest(4, versions=_row(0)[::-1]), None),
        _case("a version that was withdrawn since", one, _withdrawn(), None),
        _case("a translation more", one, translated, None),
        _case("a translation that stays", translated, translated, None),
        _case("a translation that is gone", translated, one, "rewritten"),
        _case("another translation", translated, _translated(digest("anders")), "rewritten"),
        _case("a translation in another language", translated, _translated(GERMAN["de"]["digest"], "fr"), "rewritten"),
        _case(
            "a text and its translation change places",
            translated,
            _manifest(4, versions=_row(0, digest=GERMAN["de"]["digest"], translations=swapped)),
            "rewritten",
        ),
        _case("a policy more", one, two | {"serial": 4}, None),
        _case("a policy that is gone", two, one | {"serial": 4}, "rewritten"),
    ]


def _of_facts() -> list[Json]:
    """Each fact of a version that was seen, one at a time, under the digest that it had."""
    change = {"clause": "use", "title": "Use", "kinds": ["modified"], "severity": "notice", "note": "", "was": ["a"]}
    others = {
        "announced_at": "2026-02-01T00:00:01Z",
        "effective_at": "2026-02-01T00:00:01Z",
        "severity": "notice",
        "requires": "inform",
        "language": "de",
        "summary": "Nothing of weight.",
        "amends": "1.0",
        "accept_by": "2026-03-01T00:00:00Z",
        "reconfirm_every": "P12M",
        "changes": [],
    }
    changes = {"clause": "purpose", "kinds": ["removed"], "severity": "editorial", "note": "Longer.", "was": []}

    def told(**fields: Any) -> Json:
        return _manifest(4, versions=_row(1, **{"changes": [change], **fields}))

    def changed(key: str, value: Any) -> Json:
        return told(changes=[{**change, key: value}])

    def silent(key: str) -> Json:
        made = told()
        made["documents"]["privacy"]["versions"][1].pop(key, None)
        return made

    held = told()
    renamed = deepcopy(held)
    renamed["documents"]["privacy"] |= {"title": "Privacy", "kind": "policy", "contact": "mailto:us@policies.example"}
    return [
        *(_case(f"another {key}", held, told(**{key: value}), "rewritten") for key, value in others.items()),
        *(_case(f"a change's other {key}", held, changed(key, value), "rewritten") for key, value in changes.items()),
        _case("another change more", held, told(changes=[change, {**change, "clause": "contact"}]), "rewritten"),
        *(_case(f"no {key} is an empty one", silent(key), told(**{key: ""}), None) for key in ("language", "summary")),
        _case("no version amended is an empty one", silent("amends"), told(amends=""), None),
        _case("the same instant with an offset", held, told(effective_at="2026-02-01T08:00:00+08:00"), None),
        _case("the same period in other words", told(reconfirm_every="P1Y"), told(reconfirm_every="P12M"), None),
        _case("another word that is taken for the same severity", held, told(severity="unclassified"), None),
        _case("a title that is made otherwise", held, changed("title", "<Use>"), None),
        _case("addresses that moved", held, told(url="elsewhere/1.1/", text="elsewhere/1.1.md"), None),
        _case("a policy's other title, kind and contact", held, renamed, None),
    ]


def _without_chain() -> Json:
    """A manifest that tells of no chain."""
    bare = _manifest()
    for key in ("head", "events"):
        del bare["documents"]["privacy"][key]
    return bare


def _of_texts() -> list[Json]:
    """Which versions share a text is what counts; a row needs to tell its text digest only while it shares it."""
    each, none = _manifest(5), _texts("", "")
    shared, beyond = _texts(OTHER, OTHER), _texts(OTHER, "", OTHER)
    return [
        _case("text digests that are told no more", each, none, None),
        _case("text digests that are told again", none, each, None),
        _case("two versions that came to have one text", none, shared, "rewritten"),
        _case("… where their texts were told", each, shared, "rewritten"),
        _case("two versions that had one text, and have not", shared, none, "rewritten"),
        _case("two versions that have one text", shared, shared, None),
        _case("a later version has an older one's text", none, beyond, None),
        _case("a later version has the text of two that had two", none, _texts(OTHER, OTHER, OTHER), "rewritten"),
        _case("a later version had an older one's text", beyond, _texts("", "", ""), "rewritten"),
        _case("a later version had that of another older one", beyond, _texts("", OTHER, OTHER), "rewritten"),
    ]


def _texts(*digests: str) -> Json:
    """A version for each text digest; it is left out where it is empty."""
    told = "; ".join(("1.0 01-01", "1.1 02-01", "2.0 03-01")[: len(digests)])
    rows = manifest(privacy=told)["documents"]["privacy"]["versions"]
    for row, text in zip(rows, digests, strict=True):
        row["text_digest"] = text
        if not text:
            del row["text_digest"]
    return _manifest(3 + len(rows), versions=rows)


def _of_chains() -> list[Json]:
    one, bare = _manifest(), _without_chain()
    last = digest("1.1")
    return [
        _case("a manifest that tells of no chain yet", bare, one, None),
        _case("one that tells of it no more", one, bare, "rewritten"),
        _case("an event more", one, _manifest(4, events=[EVENT, OTHER], head=OTHER), None),
        _case("an event that is gone", one, _manifest(4, events=[], head=last), "rewritten"),
        _case("another event in its place", one, _manifest(4, events=[OTHER], head=OTHER), "rewritten"),
        _case("a head that is a version's", _manifest(events=[], head=last), _manifest(events=[], head=last), None),
        _case("a known head that is nowhere", _manifest(events=[], head=OTHER), one, "rewritten"),
        _case("a known head, found among the events", _manifest(events=[], head=EVENT), _manifest(4), None),
    ]


def _of_endings() -> list[Json]:
    one, withdrawn, last = _manifest(), _withdrawn(), digest("event 3")
    two, three = {"events": [EVENT, OTHER], "head": OTHER}, {"events": [EVENT, OTHER, last], "head": last}
    ended, later = ({"status": "retired", "retired_at": day(date)} for date in ("06-01", "06-02"))
    gone = {"versions": _row(1, withdrawn_at=day("01-15"))}
    retired = _manifest(4, **two, **ended)
    return [
        _case("a withdrawal without an event", one, _manifest(4, **gone), "rewritten"),
        _case("a withdrawal that is taken back", withdrawn, _manifest(5, **three), "rewritten"),
        _case("a withdrawal that stays", withdrawn, withdrawn, None),
        _case("a retirement by an event", one, retired, None),
        _case("a retirement without an event", one, _manifest(4, **ended), "rewritten"),
        _case("a retirement that is gone", retired, _manifest(5, **two), "rewritten"),
        _case("a retirement on another day", retired, _manifest(5, **two, **later), "rewritten"),
        _case("a retirement that an event moved", retired, _manifest(5, **three, **later), None),
        _case("a retirement that an event took back", retired, _manifest(5, **three), None),
        _case("a withdrawal and a retirement by one event", one, _manifest(4, **gone, **ended, **two), "rewritten"),
        _case("a withdrawal and a retirement by two", one, _manifest(5, **gone, **ended, **three), None),
        _case("a version that came and was withdrawn", one, _came_and_went(), None),
    ]


def _of_counting() -> list[Json]:
    one, bare, erratum = _manifest(), _without_chain(), {"events": [EVENT, OTHER], "head": OTHER}
    versions = manifest(privacy=f"{_PRIVACY}; 2.0 03-01")["documents"]["privacy"]["versions"]
    terms = {"documents": {**one["documents"], "terms": _manifest()["documents"]["privacy"]}}
    before = [{**versions[2], "sequence": 0}, *_row(0)]
    plain = _manifest(events=[], head=digest("1.1"))
    return [
        _case("a version more at an unchanged serial", one, _manifest(versions=versions), "rewritten"),
        _case("an event more at an unchanged serial", one, _manifest(**erratum), "rewritten"),
        _case("more than the serial rose", one, _manifest(4, versions=versions, **erratum), "rewritten"),
        _case("as much as the serial rose", one, _manifest(5, versions=versions, **erratum), None),
        _case("a policy more, and the serial rose less", one, {**_manifest(5), **terms}, "rewritten"),
        _case("a policy more, and the serial rose as much", one, {**_manifest(6), **terms}, None),
        _case("a version more at a higher epoch's serial", one, _manifest(1, 1, versions=versions), None),
        _case("a version put in before the first", one, _manifest(4, versions=before), "rewritten"),
        _case("a known head that is told no more", plain, bare, "rewritten"),
        _case("nothing is counted where no chain was told of", bare, _manifest(versions=versions), None),
    ]


def _withdrawn() -> Json:
    rows = _row(1, withdrawn_at="2026-01-15T00:00:00Z")
    return _manifest(4, versions=rows, events=[EVENT, OTHER], head=OTHER)


def _came_and_went() -> Json:
    rows = manifest(privacy=f"{_PRIVACY}; 2.0 03-01 withdrawn=02-15")["documents"]["privacy"]["versions"]
    return _manifest(5, versions=rows, events=[EVENT, OTHER], head=OTHER)


def _translated(text: str, language: str = "de") -> Json:
    return _manifest(4, versions=_row(0, translations={language: {**GERMAN["de"], "digest": text}}))


def _case(name: str, held: Json | None, offered: Json, expected: str | None, epoch: int | None = None) -> Json:
    return {"name": name, "held": held, "offered": offered, "epoch": epoch, "expected": expected}
