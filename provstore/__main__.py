"""`python -m provstore` is the command line."""

from provstore.cli.main import main

if __name__ == "__main__":
    main()
