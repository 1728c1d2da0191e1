"""`manage.py work` for tests: it knows their kinds of jobs and works in their database.

Arguments: name of the database.
"""

import sys

import django
from django.conf import settings


def main(database: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from django.core.management import call_command

    from tests.jobs import register

    register()
    call_command("work")


if __name__ == "__main__":
    main(*sys.argv[1:])
