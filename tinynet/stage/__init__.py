"""The stage: the messages from which a browser draws a run, and its scripts; without Streamlit.

message    Run -> one message for the player
watched    WatchedFilm -> the same message
losses     the loss chart beside the network
figures    the figures below the network
lines      Epoch -> its five lines and their results
shape      the layers and features that the visitor can change on the drawing
strokes    painting on the plane: what the browser needs, and the points it sends
pixels     rows as pictures, and the pad: what the browser needs
pictures   small pictures of the data sets
user_data  the first painting, and the list of data to choose from
numbers    numbers for the browser, and numbers as text
assets     the scripts, styles and frames of the components
"""
