"""The table of records."""

from typing import ClassVar

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Its first form."""

    initial = True

    dependencies: ClassVar = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Record",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(editable=False, unique=True)),
                ("proof", models.CharField(blank=True, default="", max_length=100)),
                ("document", models.CharField(max_length=100)),
                ("version", models.CharField(max_length=20)),
                ("action", models.CharField(max_length=12)),
                ("received_at", models.DateTimeField()),
                ("record", models.JSONField()),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=models.CASCADE,
                        related_name="policy_records",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["customer", "document"], name="inforce_of_customer")]},
        ),
    ]
