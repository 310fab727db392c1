"""`python -m tramyte`."""

import sys

from tramyte.web.commands.main import main

sys.exit(main())
