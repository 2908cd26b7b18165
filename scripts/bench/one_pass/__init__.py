"""The benchmark of quality: a table of parties, many rules, and the clock."""
