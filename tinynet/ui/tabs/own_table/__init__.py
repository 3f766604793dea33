"""*Watch*, for a table of one's own: a form, the mistakes, what the network is worth, new rows."""

from __future__ import annotations

from tinynet.training.run import Run
from tinynet.ui.tabs.own_table.form import draw_form
from tinynet.ui.tabs.own_table.mistakes import draw_mistakes
from tinynet.ui.tabs.own_table.new_file import draw_new_file
from tinynet.ui.tabs.worth import draw_worth
from tinynet.user_data import Table


def draw_own_table(run: Run) -> None:
    """Draw what a trained network can be used for; nothing unless the data are a table."""
    data = run.settings.data
    if isinstance(data, Table) and run.finished and not run.diverged:
        if not data.pixels:  # pictures are drawn on the pad instead
            draw_form()
        draw_mistakes()
        draw_worth()
        draw_new_file()
