"""What a customer's browser sent, and the shop's own manifest -> the record to keep; a record -> a receipt. Pure.

A browser is believed what only the customer can know: the record's id, the action, which version of which policy, what
its clock said, how long "Later" is, and where it was asked. All else comes from the manifest and the server's clock.
Where records are kept is told in ``store``.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from inforce_client.copies import TwiceError, loads
from inforce_client.review import Prepared, instant, prepare, review_state

Json = dict[str, Any]

ACTIONS = ("accepted", "acknowledged", "declined", "dismissed")
_LONGEST, _LONGEST_VERSION = 100, 20
_MOMENT = timedelta(milliseconds=1)
_LAST = datetime(9999, 12, 31, 23, 59, 59, 999_000, UTC)  # that can be written
_FIELDS = (
    *("id", "action", "document", "version", "sequence", "language", "digest", "base", "manifest_serial", "head"),
    *("at", "sent_at", "received_at", "until", "surface"),
)


class AnswerError(ValueError):
    """An answer of which no record can be made. The text says why, to whoever wrote the page.

    ``status`` is HTTP's word for it: 422 for what is no answer, 409 for a version or a text that the manifest does not
    have, 503 while there is no manifest. ``retry_after`` is the number of seconds after which it may be sent again,
    None where that would change nothing.
    """

    def __init__(self, status: int, told: str, retry_after: int | None = None) -> None:
        super().__init__(told)
        self.status, self.retry_after = status, retry_after


def record_from(
    answer: object,
    manifest: Prepared | Mapping[str, Any] | None,
    records: Iterable[Mapping[str, Any]] = (),
    now: datetime | None = None,
) -> Json:
    """The record of what a customer answered, to be kept as it is. Raises AnswerError where there is none to make.

    ``answer`` is the JSON, or the form's fields, that came; ``records`` are all that the customer has, which tell what
    they had agreed to before; ``now`` is the server's clock, with its offset. No record is received before the
    customer's last one, even where that clock was set back.
    """
    found = manifest if isinstance(manifest, Prepared) else prepare(manifest)
    said, kept = _said(answer), list(records)
    received = _after(kept, now or datetime.now(UTC))
    if not found.had:
        raise AnswerError(503, "The shop has no manifest yet. Try again in a minute.", 60)
    policy = found.documents.get(said["document"])
    version = policy.by_number.get(said["version"]) if policy else None
    if policy is None or version is None:
        told = f"The shop does not know {said['document']} {said['version']}. If it is new, try again in five minutes."
        raise AnswerError(409, told, 300)
    digest = said["digest"] or version.digests[0]
    if digest not in version.languages:
        told = f"The page showed another text of {said['document']} {said['version']} than the shop knows."
        raise AnswerError(409, f"{told} Load it again.")
    known = {
        "sequence": version.sequence,
        "language": version.languages[digest] or None,
        "digest": digest,
        "base": review_state(found, said["document"], kept, received)["base"],
        "manifest_serial": found.serial,
        "head": policy.head,
        "at": said["at"] or _written(received),
        "received_at": _written(received),
        "until": said["until"] if said["action"] == "dismissed" else None,
    }
    return {name: {**said, **known}[name] for name in _FIELDS}


def receipt(record: Mapping[str, Any]) -> Json:
    """What a customer may be handed of a record, and ``inforce verify --receipt`` reads: the fields of its schema.

    A field of the shop's own is left out, and one that the record lacks is null.
    """
    return {name: record.get(name) for name in _FIELDS}


def read(body: bytes) -> object:
    """The answer that was sent as JSON, for ``record_from``. Raises AnswerError for what is none."""
    try:
        return loads(body.decode("utf-8-sig"))
    except TwiceError as error:
        raise AnswerError(422, f"This is no answer: {error}.") from None
    except (ValueError, RecursionError):
        raise AnswerError(422, "This is no answer: it is no JSON.") from None


def confirmed(kept: Json | None, record: Mapping[str, Any]) -> Json:
    """What is ``kept`` under the id of ``record``, which may have been sent before.

    Raises AnswerError where that is of another answer, or another customer's (None).
    """
    if kept is None or any(kept[name] != record[name] for name in ("action", "document", "version")):
        raise AnswerError(409, "This id is taken by another record. Make a new one.")
    return kept


def _said(answer: object) -> Json:
    """What the customer alone can know, each field as a record has it."""
    if not isinstance(answer, Mapping):
        raise AnswerError(422, "This is no answer. Send an object with id, action, document and version.")
    said = {name: _text(answer, name) for name in ("id", "action", "document", "version", "digest", "surface")}
    for name in ("id", "action", "document", "version"):
        if said[name] is None:
            raise _wrong(name, "is missing")
    try:
        said["id"] = str(UUID(said["id"]))
    except ValueError:
        raise _wrong("id", "is no UUID") from None
    if said["action"] not in ACTIONS:
        raise _wrong("action", f"is none of {', '.join(ACTIONS)}")
    return {**said, **{name: _instant(answer, name) for name in ("at", "sent_at", "until")}}


def _text(answer: Mapping[Any, Any], name: str) -> str | None:
    value = answer.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _wrong(name, "is no text")
    if len(value) > (longest := _LONGEST_VERSION if name == "version" else _LONGEST):
        raise _wrong(name, f"is longer than {longest} characters")
    if not value.strip() or not value.isprintable():
        raise _wrong(name, "is not in plain words")
    return value


def _instant(answer: Mapping[Any, Any], name: str) -> str | None:
    """In UTC, to the millisecond, as the review decision reads it: what it would not count must not be recorded."""
    value = answer.get(name)
    if value is None:
        return None
    try:
        return _written(instant(value))
    except (TypeError, ValueError):
        raise _wrong(name, "is no instant such as 2027-01-15T00:00:00Z") from None


def _wrong(name: str, what: str) -> AnswerError:
    return AnswerError(422, f"This is no answer: {name} {what}.")


def _after(records: Iterable[Mapping[str, Any]], now: datetime) -> datetime:
    """Now, or, where the clock was set back, just after the last of ``records`` came."""
    came = [moment for record in records for moment in _received(record)]
    return max(now, min(max(came), _LAST - _MOMENT) + _MOMENT) if came else now


def _received(record: Mapping[str, Any]) -> Iterator[datetime]:
    """When a record came; nothing of one that nobody can read, which the review decision passes over, too."""
    with contextlib.suppress(TypeError, ValueError, LookupError):
        yield instant(record["received_at"])


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
