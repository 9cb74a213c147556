"""Where customers' records are kept: one table in any database that SQLAlchemy knows, to which records are only added.

SQLite, PostgreSQL and MySQL are meant. It needs the extra ``inforce-client[sql]``. What a record may hold, and what is
left of a customer who is erased, stands in the documentation ("Records in a database"). Which records are worth
keeping is told in ``answers``.
"""

import json
import os
import weakref
from collections.abc import Iterator, Mapping
from typing import Any, Self

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    select,
    update,
)  # fmt: skip
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import SQLAlchemyError as DatabaseError
from sqlalchemy.types import TypeEngine

__all__ = ["TABLE", "DatabaseError", "SqlRecords"]

Json = dict[str, Any]

_ROWS = 5_000  # that are held at once of a table that is read as a whole
_LONGEST = 190  # characters of a customer: as many as MySQL can index


def _exact(length: int) -> TypeEngine[str]:
    """Words that are the same only letter by letter: to MySQL, left alone, Ann and ann would be one customer."""
    return String(length).with_variant(String(length, collation="utf8mb4_bin"), "mysql", "mariadb")


TABLE = Table(
    "policy_records",
    MetaData(),
    Column("place", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("id", _exact(36), nullable=False, unique=True),
    Column("customer", _exact(_LONGEST), nullable=False),
    Column("document", _exact(100), nullable=False),
    Column("version", _exact(20), nullable=False),
    Column("action", _exact(12), nullable=False),
    Column("received_at", _exact(24), nullable=False),
    Column("record", Text, nullable=False),
    Index("policy_records_of_customer", "customer", "document"),
)
"""A row for each record, in the order in which they came. ``record`` is its JSON, and never changes; the other columns
are there to find it by."""


class SqlRecords:
    """All customers' records in the database at an address such as ``sqlite:///records.sqlite`` or
    ``postgresql+psycopg://shop@db/shop``; or behind an engine of the shop's own.

    It makes its table where there is none. Every method may be called from any thread and by any number of processes,
    forked ones too; what ``add`` gave back is on disk. ``close`` it, or use it in a ``with``, where it does not live as
    long as the process. A customer is a word of at most 190 characters that neither begins nor ends with a blank.
    Raises ValueError for another, and DatabaseError, which is SQLAlchemy's, where the database cannot do its part.
    """

    def __init__(self, database: str | Engine) -> None:
        self.engine = create_engine(database, pool_pre_ping=True) if isinstance(database, str) else database
        self._is_sqlite = self.engine.dialect.name == "sqlite"
        if self._is_sqlite:
            event.listen(self.engine, "connect", _settle)
        _apart_when_forked(self.engine)
        try:
            TABLE.metadata.create_all(self.engine)
        except DBAPIError:  # two processes that begin at once make it but once
            if not inspect(self.engine).has_table(TABLE.name):
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections that nobody uses."""
        self.engine.dispose()

    def of(self, customer: str, document: str | None = None) -> list[Json]:
        """All records of a customer, about one document or about any, in the order in which they came."""
        rows = select(TABLE.c.record).where(TABLE.c.customer == _checked(customer)).order_by(TABLE.c.place)
        if document is not None:
            rows = rows.where(TABLE.c.document == document)
        with self.engine.connect() as connection:
            return [json.loads(record) for (record,) in connection.execute(rows)]

    def add(self, customer: str, record: Mapping[str, Any]) -> Json | None:
        """The record kept under its id: this one, or the one that came before. None where that is another's."""
        row = {
            "id": record["id"],
            "customer": _checked(customer),
            **{name: record[name] for name in ("document", "version", "action", "received_at")},
            "record": json.dumps(record, ensure_ascii=False),
        }
        try:
            with self.engine.begin() as connection:
                connection.execute(insert(TABLE).values(row))
        except IntegrityError:
            return self._kept(customer, record["id"])
        return dict(record)

    def _kept(self, customer: str, record_id: str) -> Json | None:
        row = select(TABLE.c.customer, TABLE.c.record).where(TABLE.c.id == record_id)
        with self.engine.connect() as connection:
            owner, record = connection.execute(row).one()
        return dict(json.loads(record)) if owner == customer else None

    def erase(self, customer: str, proof: str | None = None) -> int:
        """Take a customer's records out, and give their number.

        With ``proof`` those that say yes or no stay under that word instead of the customer's: one that the shop can
        find again where it has to prove something, and that tells nobody else who it was. Raises ValueError where it is
        the customer's own.
        """
        own = TABLE.c.customer == _checked(customer)
        if proof is not None and _checked(proof) == customer:
            raise ValueError("What stays as proof must not stay under the customer's own word")
        with self.engine.begin() as connection:
            count = connection.execute(select(func.count()).select_from(TABLE).where(own)).scalar_one()
            if proof is not None:
                said = own & (TABLE.c.action != "dismissed")
                connection.execute(update(TABLE).where(said).values(customer=proof))
            connection.execute(delete(TABLE).where(own))
        if self._is_sqlite:  # what was erased is in the journal, too
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(count)

    def all(self) -> Iterator[tuple[str, Json]]:
        """Every record with its customer, one customer after the other; no more than some thousand are held at once."""
        rows = select(TABLE.c.customer, TABLE.c.record).order_by(TABLE.c.customer, TABLE.c.place)
        with self.engine.connect() as connection:
            for customer, record in connection.execution_options(yield_per=_ROWS).execute(rows):
                yield customer, json.loads(record)


def _checked(customer: str) -> str:
    """The word itself: databases cut one that is too long, or compare without the blanks at its end."""
    if not isinstance(customer, str) or not 0 < len(customer) <= _LONGEST or customer != customer.strip():
        told = f"A customer is a word of 1 to {_LONGEST} characters without a blank at its ends"
        raise ValueError(told if isinstance(customer, str) else f"{told}, and no {type(customer).__name__}")
    return customer


def _apart_when_forked(engine: Engine) -> None:
    """A forked process has connections of its own: two that talk over one would hear each other's answers."""
    held = weakref.ref(engine)

    def let_go() -> None:
        if found := held():
            found.dispose(close=False)

    if hasattr(os, "register_at_fork"):  # a system that cannot fork has none
        os.register_at_fork(after_in_child=let_go)


def _settle(connection: Any, _: object) -> None:
    """Readers and a writer at once, thirty seconds of patience, and nothing left in the file of what was deleted."""
    cursor = connection.cursor()
    for pragma in ("busy_timeout = 30000", "journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
