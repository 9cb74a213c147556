"""``manage.py policy_report``: who has agreed to what, and what a coming version will ask of how many."""

import csv
import json
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from inforce_client.agreements import columns, report, rows, values
from inforce_client.django import conf
from inforce_client.django.models import Record


class Command(BaseCommand):
    """The report, by the last good copy of the manifest."""

    help = "Counts what customers have agreed to, by policy, version and language."

    def add_arguments(self, parser: CommandParser) -> None:
        """How it is written."""
        parser.add_argument("--format", choices=("csv", "json"), default="csv")

    def handle(self, *_: Any, **options: Any) -> None:
        """Print it."""
        policies = conf.policies()
        policies.poll()
        manifest = policies.manifest
        if manifest is None:
            raise CommandError(f"No manifest was ever had: {policies.health.error}")
        documents = [name for name in conf.documents() if name in manifest["documents"]]
        found = report(manifest, documents, Record.objects.all_by_customer(), datetime.now(UTC))
        if options["format"] == "json":
            self.stdout.write(json.dumps(values(found), indent=2))
        else:
            csv.writer(self.stdout).writerows([columns(), *rows(found)])
