"""`python -m flows.cli`, where the command isn't on the path."""

from flows.cli import main

main()
