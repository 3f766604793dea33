"""Beside the stage: the story, the coach, the lessons; how to present and to share."""
