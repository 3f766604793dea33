"""The stage: Run -> what a browser draws of it, and the scripts that do; without Streamlit.

message   Run -> what the player gets, in one message
losses    the losses beside the network
figures   the figures below it
lines     one epoch -> its five lines, with all that they made
strokes   painting on the plane, and the points that the browser sends
own_data  the painting to begin with, and what data can be picked
numbers   numbers for the browser, and as they are written in a sentence
assets    the scripts, styles and frames of the components
"""
