"""How many examples hypothesis tries: the same ones in every run of CI."""

import os

from hypothesis import settings

settings.register_profile("postrender", deadline=None)
settings.register_profile("postrender-ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("postrender-ci" if os.environ.get("CI") == "true" else "postrender")
