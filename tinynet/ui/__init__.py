"""All that knows Streamlit, besides app.py."""
