"""A process that takes a whole upload in and is killed at one moment of it; started by test_upload_killed.

Arguments: name of the database, the upload's token, the moment: "sql" with the beginning of a statement, or what Python
calls a deed at the files ("os.rename") with the end of the path. "never": it lives.
"""

import os
import signal
import sys

import django
from django.conf import settings


def main(database: str, token: str, what: str, where: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from django.db import connection

    from assessments.models import Upload
    from assessments.uploads.services import finish

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def statement(execute, sql, params, many, context):
        if what == "sql" and sql.startswith(where):
            die()
        return execute(sql, params, many, context)

    def deed(event: str, arguments: tuple) -> None:
        if event == what and str(arguments[0]).endswith(where):
            die()

    upload = Upload.objects.select_related("by", "county", "requirement").get(pk=token)
    sys.addaudithook(deed)
    with connection.execute_wrapper(statement):
        finish(upload, by=upload.by)


if __name__ == "__main__":
    main(*sys.argv[1:])
