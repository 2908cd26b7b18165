"""The command line: thin commands over the conductor, with output for people and for schedulers."""
