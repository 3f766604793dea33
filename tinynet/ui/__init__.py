"""The page: everything that uses Streamlit, besides app.py.

What happens when a slider moves:

1. widgets.py    calls back; sidebar.py turns the widget's value into a transition of the visit
2. session.py    keeps the next visit (visit.py) in the session
3. move.py       trains the run for one pass (runs.py), then draws the stage and the sliders
4. rest.py       writes the address and draws the story and the tab, once the browser has painted
5. tabs/watch.py draws the content below the stage, once it is in sight
"""
