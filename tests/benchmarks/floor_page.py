"""The smallest Streamlit page: a slider, and a line of text with its value."""

import streamlit as st

units = st.sidebar.slider("Hidden units", 1, 64, 5)
st.html(f'<p id="answer">{units}</p>')
