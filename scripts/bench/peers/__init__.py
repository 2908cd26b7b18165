"""The peer benchmark: the same tables through onefold and through Splink, each in a process of its own."""
