"""Django's `flush`, which empties the database after a test that commits. In the product it is refused, as it should
be: here the tables that only grow are left unguarded for as long as it takes."""

from django.conf import settings
from django.core.management.commands import flush
from django.db import connections

from tcm_demo.audit import kept_head
from tcm_demo.audit.append_only import guard, lift


class Command(flush.Command):
    def handle(self, **options):
        connection = connections[options["database"]]
        for table in settings.APPEND_ONLY_TABLES:
            lift(connection, table)
        try:
            super().handle(**options)
        finally:
            for table in settings.APPEND_ONLY_TABLES:
                guard(connection, table)
        kept_head.path().unlink(missing_ok=True)  # the next test begins a chain of its own
