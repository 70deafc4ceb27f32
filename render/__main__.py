"""`python -m render`: the command line."""

from render.cli import main

main()
