"""The sidebar: the knobs, and data of one's own."""
