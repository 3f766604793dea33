"""Presentation mode leaves nothing behind in the browser."""
