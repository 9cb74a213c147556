"""Lists of records that turn out to be one customer's, and what they are together."""

from typing import Any

from vectors.tables import Json, record

TITLE = "The records of several lists as those of one customer: each id once, in the order in which they count."
SCHEMA = "merge-vectors-1.json"


def _one(name: str, told: str, **fields: Any) -> Json:
    return {**record(told), "id": name, **fields}


A, B, C = _one("a", "accepted 1.0 01-02"), _one("b", "declined 1.0 01-03"), _one("c", "accepted 1.1 01-04")
_GREATER: dict[str, Json] = {
    "version": {"version": "1.1"},
    "digest": {"digest": "sha256-~"},
    "serial": {"manifest_serial": 2},
    "end of Later": {"until": "2026-01-03T00:00:00Z"},
}
"""What tells one record from another of the same id and instant, from the first that counts to the last."""
AHEAD = "2036-01-02T00:00:00Z"
BEHIND = "2016-01-02T00:00:00Z"


def cases() -> list[Json]:
    """Every case."""
    return [*_of_lists(), *_of_ids(), *_of_clocks(), *_of_what_cannot_be_read()]


def _of_lists() -> list[Json]:
    noon = [_one(name, "accepted 1.0 01-02", at="2026-01-02T12:00:00Z") for name in ("z", "a", "～", "😀")]
    east = _one("e", "declined 1.0 01-02", at="2026-01-02T01:00:00+02:00")
    return [
        _case("no list", [], []),
        _case("empty lists", [[], []], []),
        _case("one list, in order of time", [[B, A]], [A, B]),
        _case("a guest's before a customer's", [[B], [A, C]], [A, B, C]),
        _case("whichever list comes first", [[A, C], [B]], [A, B, C]),
        _case("other documents, too", [[A], [{**B, "document": "terms"}]], [A, {**B, "document": "terms"}]),
        _case("at one instant the id decides, by UTF-16 code units", [noon], [noon[1], noon[0], noon[3], noon[2]]),
        _case("instants are compared, not their spelling", [[A], [east]], [east, A]),
    ]


def _of_ids() -> list[Json]:
    received, later = {**A, "received_at": "2026-01-05T00:00:00Z"}, {**A, "received_at": "2026-01-06T00:00:00Z"}
    forged = {**A, "action": "declined", "received_at": "2026-01-06T00:00:00Z"}
    return [
        _case("a list that comes twice", [[A, B], [A, B]], [A, B]),
        _case("a record that is in both", [[A, B], [B, C]], [A, B, C]),
        _case("with one id, the one that a server received stays", [[A], [received]], [received]),
        _case("… whichever list it is in", [[received], [A]], [received]),
        _case("… and of two, the one that was received first", [[later], [received]], [received]),
        _case("an id that was taken for another answer later changes nothing", [[forged], [received]], [received]),
        _case("none was received: the earlier one stays", [[{**A, "at": B["at"]}], [A]], [A]),
        _case("at one instant the action decides", [[{**A, "action": "declined"}], [A]], [A]),
        *(_case(f"… then the {word}", [[{**A, **greater}], [A]], [A]) for word, greater in _GREATER.items()),
    ]


def _of_clocks() -> list[Json]:
    """The guest accepted on the 2nd, and the customer declined on the 3rd; all of it reached the server on the 5th."""
    fifth = {"received_at": "2026-01-05T00:00:00Z"}
    declined = {**B, "received_at": B["at"]}
    right = {**A, **fifth, "sent_at": fifth["received_at"]}
    ahead = {**A, **fifth, "at": AHEAD, "sent_at": "2036-01-05T00:00:00Z"}
    behind = {**A, **fifth, "at": BEHIND, "sent_at": "2016-01-05T00:00:00Z"}
    unsaid = {**A, **fifth, "at": AHEAD}
    back = {**C, **fifth, "at": BEHIND, "sent_at": "2016-01-03T00:00:00Z"}
    minutes = {**A, **fifth, "at": "2026-01-03T00:00:01Z", "sent_at": "2026-01-05T00:05:00Z"}
    beyond = {**minutes, "sent_at": "2026-01-05T00:05:00.001Z"}
    alone = {**A, "at": AHEAD, "sent_at": "2036-01-05T00:00:00Z"}
    return [
        _case("a guest's right clock", [[right], [declined]], [right, declined]),
        _case("a guest's clock ten years ahead, which said what time it had", [[ahead], [declined]], [ahead, declined]),
        _case("a guest's clock ten years behind, which did", [[declined], [behind]], [behind, declined]),
        _case("… and one that is truly the later answer", [[back], [declined]], [declined, back]),
        _case("ahead, and nothing is known of its clock: not after it came", [[unsaid], [C]], [C, unsaid]),
        _case("… and what came after it is later", [[{**C, "at": "2026-01-06T00:00:00Z"}], [unsaid]],
              [unsaid, {**C, "at": "2026-01-06T00:00:00Z"}]),
        _case("five minutes off are near enough", [[minutes], [declined]], [declined, minutes]),
        _case("a little more is not", [[beyond], [declined]], [beyond, declined]),
        _case("what no server received counts as it was stamped", [[alone], [declined]], [declined, alone]),
    ]  # fmt: skip


def _of_what_cannot_be_read() -> list[Json]:
    broken: list[Any] = [
        None, "accepted", [], {**A, "document": None}, {**A, "id": 1}, {**A, "at": "soon"}, {**A, "action": "sold"},
        {**A, "received_at": "soon"}, {**A, "sent_at": 7}, {**A, "sent_at": "2026-01-02"},
    ]  # fmt: skip
    return [
        _case("what cannot be read is left out", [broken, [B]], [B]),
        _case("fields that are not known are kept", [[{**A, "till": 4}]], [{**A, "till": 4}]),
        _case("clocks that are null are not known", [[{**A, "sent_at": None, "received_at": None}], [B]],
              [{**A, "sent_at": None, "received_at": None}, B]),
    ]  # fmt: skip


def _case(name: str, lists: list[list[Any]], expected: list[Json]) -> Json:
    return {"name": name, "lists": lists, "expected": expected}
