"""The least that Streamlit can do: a slider, and a line of text that says where it stands."""

import streamlit as st

units = st.sidebar.slider("Hidden units", 1, 64, 5)
st.html(f'<p id="answer">{units}</p>')
