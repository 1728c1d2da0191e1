"""`collectstatic`, but only where a static file changed since then: hashing and compressing them takes seconds."""

import hashlib

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "静态文件有变化时重新收集到 var/static"

    def handle(self, *args, **options):
        stamp, digest = settings.STATIC_ROOT / ".collected", sources_digest()
        if stamp.is_file() and stamp.read_text() == digest:
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(digest)


def sources_digest() -> str:
    """Changes when a static file is added, removed or written, and with the way they are stored."""
    sums = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            sums.update(f"{name} {storage.size(name)} {storage.get_modified_time(name)}\n".encode())
    return sums.hexdigest()
