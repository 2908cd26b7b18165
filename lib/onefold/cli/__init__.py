"""The command line: thin commands over the conductor, with output for people and for schedulers."""

__all__: list[str] = []  # the door is onefold.cli.main
