"""Serves single files of npm packages as static files, named in `settings.NODE_FILES`."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import Warning as CheckWarning
from django.core.files.storage import FileSystemStorage


class NodeModulesFinder(BaseFinder):
    """Finds `vendor/x.css` where NODE_FILES says which package file that is; copies nothing else of the package."""

    def __init__(self, app_names=None, *args, **kwargs):
        self.storage = _RenamingStorage(location=settings.NODE_MODULES)

    def find(self, path, find_all=False, **kwargs):
        source = settings.NODE_FILES.get(path)
        found = settings.NODE_MODULES / source if source else None
        if not found or not found.is_file():
            return []
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns):
        for name, source in settings.NODE_FILES.items():
            if (settings.NODE_MODULES / source).is_file() and not matches_patterns(name, ignore_patterns):
                yield name, self.storage

    def check(self, **kwargs):
        missing = [s for s in settings.NODE_FILES.values() if not Path(settings.NODE_MODULES / s).is_file()]
        if not missing:
            return []
        return [CheckWarning(f"npm files are missing: {', '.join(missing)}", hint="Run: make setup", id="lib.W001")]


class _RenamingStorage(FileSystemStorage):
    """Opens `vendor/x.css` from the package file behind it."""

    prefix = None

    def path(self, name):
        return super().path(settings.NODE_FILES.get(str(name), name))
