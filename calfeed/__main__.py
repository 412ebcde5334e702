"""`python -m calfeed` is the command `calfeed`."""

from calfeed.cli import main

if __name__ == "__main__":
    main(prog_name="calfeed")
