"""What all tests share. Fixtures of one subject stand beside its tests."""

import os

from hypothesis import settings

# No time limit for one example, since the machine may be busy; in CI the same examples every time.
settings.register_profile("project", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("project")
