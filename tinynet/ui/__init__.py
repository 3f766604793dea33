"""The page: everything that knows Streamlit, besides app.py.

The way of a moved slider:

1. widgets.py    the widget calls back; sidebar.py turns its value into a transition of the visit
2. session.py    keeps the next visit (visit.py) in the session
3. move.py       trains the run for one pass (runs.py), then draws the stage and the sliders
4. rest.py       when the browser has painted and asks for it: the address, the story and the tab
5. tabs/watch.py what stands below the stage, once it is in sight
"""
