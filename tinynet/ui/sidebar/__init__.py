"""The sidebar: the knobs, and the visitor's own data."""
