"""Serving: trainings for many visitors at once; without Streamlit.

store  one training per settings for the whole server, in turns that everyone shares
"""
