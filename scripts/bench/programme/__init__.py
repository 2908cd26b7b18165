"""A simulated quality programme: sixty days of rules by source, with failures that are seeded and known."""
