"""Maps small enough to test."""
