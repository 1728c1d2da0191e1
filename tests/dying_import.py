"""A process that imports an upload and is killed at one moment of it; started by test_import_killed.

Arguments: name of the database, the upload's number, who imports, the moment: what the import says it is doing, and how
much of it is done (progress). "never": it lives.
"""

import os
import signal
import sys

import django
from django.conf import settings


def main(database: str, upload: str, person: str, what: str, done: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from institutions.enums import ImportWay
    from institutions.ledger.terms import Decision
    from institutions.models import LedgerUpload
    from institutions.services import write_upload
    from tcm_demo.accounts.models import User

    def die(now: int, total: int, doing: str) -> None:
        if doing == what and now == int(done):
            os.kill(os.getpid(), signal.SIGKILL)

    decision = Decision(ImportWay.SUBMIT, words="首次导入。")
    user = User.objects.get(username=person)
    write_upload(LedgerUpload.objects.get(pk=upload), by=user, decision=decision, progress=die)


if __name__ == "__main__":
    main(*sys.argv[1:])
