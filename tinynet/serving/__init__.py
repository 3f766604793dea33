"""Serving: training for many visitors at once; without Streamlit.

requests   what can be asked of the store: runs, maps, landscapes, trials
fair_lock  a lock that goes to the longest waiting thread
store      one training per settings for the whole server, in short turns
"""
