"""The coach: settings with a poor result -> changes that help, best first.

changes  the single changes to try, and the estimated cost of a training
trial    the results of all changes: Trial, Suggestion; the results of twenty starts: Luck
trying   the trainings, in turns or in one call: suggest

Every suggested change was trained on the run's own seed and on four other seeds.
"""
