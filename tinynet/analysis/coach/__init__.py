"""The coach: settings that fall short of good -> changes that help, best first.

changes  the single changes to try, and the estimated cost of a training
trial    the results of all changes: Trial, Suggestion; of twenty starts: Luck
trying   the training itself, in turns; to the end: suggest

Every suggested change was trained on the run's own seed and on four others.
"""
