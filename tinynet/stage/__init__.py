"""The stage: the messages from which a browser draws a run, and its scripts; without Streamlit.

message    Run -> one message for the player
watched    WatchedFilm -> the same message
losses     the loss chart beside the network
figures    the figures below the network
lines      Epoch -> its five lines and their results
strokes    painting on the plane: what the browser needs, and the points it sends
user_data  the first painting, and the list of data to choose from
numbers    numbers for the browser, and numbers as text
assets     the scripts, styles and frames of the components
"""
