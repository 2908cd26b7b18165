"""What is asked of the data: rules."""

__all__: list[str] = []
