"""Entry point of `python -m g60kg`: the command line."""

from g60kg.cli.app import main

if __name__ == "__main__":
    main()
