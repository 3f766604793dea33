"""The page's own components: what is drawn in the browser by scripts of ours.

player   the stage: network, answers, losses, figures
chart    a plotly figure, drawn in place; the map
lines    the five lines of an epoch
asking   the browser asks for the rest of a page, once it has painted what it has
history  Back and Forward
scripts  the scripts as files of this server
"""
