"""`python -m tramyte.web.compiled`: compile the indicators into this folder, after a definition was changed."""

import os
import sys

import django


def main() -> int:
    """Write one file a dialect."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tramyte.web.settings")
    django.setup()
    from django.conf import settings

    from tramyte.engine.indicators.compiling import ship

    ship(settings.COMPILED)
    return 0


if __name__ == "__main__":
    sys.exit(main())
