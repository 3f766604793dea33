"""The page's own components, which our scripts draw in the browser.

player   the stage: network, answers, losses, figures
chart    a plotly figure, drawn in place; the map
lines    the five lines of an epoch
asking   the browser asks for the rest of the page once it has painted the stage
history  Back and Forward
scripts  the scripts as files of this server
"""
