"""`python -m mureg` is the same as `mureg`."""

from mureg.cli.main import main

if __name__ == "__main__":
    main()
