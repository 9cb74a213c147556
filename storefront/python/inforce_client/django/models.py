"""Customers' records: rows that are added, and never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction

from inforce_client.review import instant

Json = dict[str, Any]


class Records(models.Manager):
    """The records of all customers."""

    def of(self, customer: Any) -> list[Json]:
        """All records of a customer, in the order in which they came."""
        return list(self.filter(customer=customer).order_by("pk").values_list("record", flat=True))

    def keep(self, customer: Any, record: Mapping[str, Any]) -> Json | None:
        """The record kept under its id: this one, or the one that came before. None where that is another's."""
        row = {name: record[name] for name in ("document", "version", "action")}
        row |= {"uuid": record["id"], "received_at": instant(record["received_at"]), "record": dict(record)}
        try:
            with transaction.atomic():
                made = self.create(customer=customer, **row)
        except IntegrityError:
            made = self.get(uuid=record["id"])
        return made.record if made.customer_id == customer.pk else None

    def erase(self, customer: Any, proof: str = "") -> None:
        """Take a customer's records out. With ``proof`` those that say yes or no stay under that word, and nobody's."""
        own = self.filter(customer=customer)
        if proof:
            own.exclude(action="dismissed").update(customer=None, proof=proof)
        own.delete()

    def all_by_customer(self) -> Iterator[tuple[str, Json]]:
        """Every record with its customer, one after the other; whoever was erased is told apart by ``proof``."""
        rows = self.order_by("customer_id", "proof", "pk").values_list("customer_id", "proof", "record")
        for customer, proof, record in rows.iterator(chunk_size=2_000):
            yield (proof if customer is None else str(customer)), record


class Record(models.Model):
    """One answer. ``record`` is it as it was kept; the other fields are there to find it by."""

    uuid = models.UUIDField(unique=True, editable=False)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="policy_records"
    )
    proof = models.CharField(max_length=100, blank=True, default="")
    document = models.CharField(max_length=100)
    version = models.CharField(max_length=20)
    action = models.CharField(max_length=12)
    received_at = models.DateTimeField()
    record = models.JSONField()

    objects = Records()

    class Meta:
        """How it is found."""

        app_label = "inforce"
        indexes = (models.Index(fields=["customer", "document"], name="inforce_of_customer"),)

    def __str__(self) -> str:
        return f"{self.document} {self.version}: {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep a new record. Raises ValueError for one that is kept already: a change of mind is a new record."""
        if self.pk is not None:
            raise ValueError("A record is never changed: make a new one")
        super().save(*args, **kwargs)
