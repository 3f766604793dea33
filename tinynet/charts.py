"""Run -> plotly figures: no network, no page, only what to draw."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import plotly.graph_objects as go

from tinynet.diagnosis import loss_text
from tinynet.run import FloatArray, Run

LINE = "#2f7fc1"  # these four stand out on white and on near-black alike,
PREVIOUS = "#a0a4aa"  # and differ in lightness for those who see no colours
REFERENCE = "#c0762b"
GRID = "rgba(128, 128, 128, 0.18)"
LONE_RUN = 2  # traces: the line and its last state
LEAST_TOP = 0.3  # of the axis: scaled to itself, a loss that hardly moved would look a triumph


class Scale(StrEnum):
    """How the loss axis is laid out; the values are what the visitor reads."""

    FROM_ZERO = "From 0"
    LOG = "Log"
    ZOOMED = "Zoomed"


def loss_chart(run: Run, previous: Run | None = None, scale: Scale = Scale.FROM_ZERO) -> go.Figure:
    """Return the loss of every state, with the previous run as a thin grey line."""
    figure = go.Figure()
    if previous is not None:
        figure.add_trace(_loss_line(previous, "the run before", PREVIOUS, 1))
    figure.add_trace(_loss_line(run, "this run", LINE, 2.5))
    figure.add_trace(_last_state(run))
    _mark_loss_of_the_mean(figure, run)
    top = max(_largest(each) for each in (run, previous or run))
    epochs = len(run.losses)
    figure.update_xaxes(title="epoch", range=[0, epochs], gridcolor=GRID, zeroline=False)
    figure.update_xaxes(unifiedhovertitle_text="epoch %{x}", tickformat=",d", dtick=-(-epochs // 5))
    figure.update_yaxes(title="loss (mean squared error)", gridcolor=GRID, zeroline=False)
    figure.update_yaxes(**_axis(scale, run, top))
    return _laid_out(figure)


def describe_loss_chart(run: Run) -> str:
    """Return the chart in words, for those who cannot see it."""
    losses = run.every_loss
    lowest = int(np.nanargmin(losses)) if np.isfinite(losses).any() else 0
    return (
        f"Line chart of the loss over {len(run.losses):,} epochs. It starts at "
        f"{loss_text(losses[0])}, is lowest at {loss_text(losses[lowest])} (epoch {lowest:,}) "
        f"and ends at {loss_text(losses[-1])}. Always answering the mean would give "
        f"{loss_text(run.loss_of_the_mean)}."
    )


def _loss_line(run: Run, name: str, colour: str, width: float) -> go.Scatter:
    losses = run.every_loss
    return go.Scatter(
        x=np.arange(len(losses)),
        y=losses,
        customdata=losses,  # unformatted, the browser prints all its digits, as Python does
        name=name,
        mode="lines",
        line={"color": colour, "width": width},
        hovertemplate="%{customdata}",
    )


def _last_state(run: Run) -> go.Scatter:
    return go.Scatter(
        x=[len(run.losses)],
        y=[run.final_loss],
        mode="markers",
        marker={"color": LINE, "size": 9},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )


def _mark_loss_of_the_mean(figure: go.Figure, run: Run) -> None:
    figure.add_hline(
        run.loss_of_the_mean,
        line={"color": REFERENCE, "width": 1, "dash": "dot"},
        annotation={
            "text": f"always answering the mean: {run.loss_of_the_mean:.2f}",
            "font": {"color": REFERENCE, "size": 12},
        },
        annotation_position="top right",
    )


def _axis(scale: Scale, run: Run, top: float) -> dict[str, object]:
    if scale is Scale.FROM_ZERO:
        return {"range": [0, 1.02 * max(LEAST_TOP, top)]}
    if scale is Scale.LOG:
        return {"type": "log", "exponentformat": "power", "dtick": 1, **_log_range(run, top)}
    losses = run.every_loss[np.isfinite(run.every_loss)]
    margin = max(0.05 * float(np.ptp(losses)), 1e-6)
    return {"range": [float(losses.min()) - margin, float(losses.max()) + margin]}


def _largest(run: Run) -> float:
    return float(np.max(run.every_loss, where=np.isfinite(run.every_loss), initial=0))


def _log_range(run: Run, top: float) -> dict[str, object]:
    """Whole decades, so that a small change does not fill the chart here either."""
    losses: FloatArray = run.every_loss[run.every_loss > 0]
    lowest = float(losses.min()) if len(losses) else LEAST_TOP
    bottom = np.floor(np.log10(min(lowest, 0.1)))
    return {"range": [float(bottom), float(np.log10(1.1 * max(LEAST_TOP, top)))]}


def _laid_out(figure: go.Figure) -> go.Figure:
    return figure.update_layout(
        height=330,
        margin={"l": 0, "r": 12, "t": 8, "b": 0},
        showlegend=len(figure.data) > LONE_RUN,
        legend={"x": 0.02, "y": 0.02, "yanchor": "bottom", "bgcolor": "rgba(0, 0, 0, 0)"},
        hovermode="x unified",
        dragmode=False,
        paper_bgcolor="rgba(0, 0, 0, 0)",
        plot_bgcolor="rgba(0, 0, 0, 0)",
    )
