"""`python -m g60kg` is the command line."""

from g60kg.cli.app import main

if __name__ == "__main__":
    main()
