"""`python -m postrender`."""

from postrender._cli import main

raise SystemExit(main())
