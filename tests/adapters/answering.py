"""A shop under load, for a test to kill: many connections keep answers, and each is told of once it was kept.

    python answering.py DATABASE CONNECTIONS ANSWERS SEED

It prints the id of a record when ``add`` gave it back; ids are made of the seed. Where the database goes away it waits
and sends the same answer again, as a browser does.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
import uuid

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from inforce_client.store import SqlRecords


def record(seed: int, connection: int, answer: int) -> dict[str, str]:
    """An answer that anybody can make again who knows its numbers."""
    chance = random.Random(f"{seed} {connection} {answer}")
    return {
        "id": str(uuid.UUID(int=chance.getrandbits(128))),
        "action": chance.choice(("accepted", "declined", "dismissed")),
        "document": "privacy",
        "version": f"{connection}.{answer}",
        "received_at": "2026-01-02T00:00:00.000Z",
        "surface": "x" * chance.randrange(300),
    }


def main(database: str, connections: int, answers: int, seed: int) -> None:
    """Answer until all is said, or somebody ends it."""
    records = SqlRecords(create_engine(database, pool_size=connections, max_overflow=0, pool_pre_ping=True))

    def talk(connection: int) -> None:
        for answer in range(answers):
            made = record(seed, connection, answer)
            while True:
                try:
                    kept = records.add(f"customer {connection}", made)
                except SQLAlchemyError:
                    time.sleep(0.2)
                    continue
                break
            if kept != made:
                os.write(2, f"{made['id']} was kept as another\n".encode())
            os.write(1, f"{made['id']}\n".encode())  # one write: no line is cut by another thread's

    threads = [threading.Thread(target=talk, args=(each,), daemon=True) for each in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
