"""The shape of the network, which the visitor changes on the drawing: its layers and features."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tinynet.registry.features import FEATURES
from tinynet.settings import HIDDEN_UNITS, LAYERS, MOST_LAYERS, Settings, SettingsError
from tinynet.settings.knobs import INPUT_FEATURES


def shape_of(settings: Settings) -> dict[str, Any]:
    """Return what the browser needs to change the layers, and the features if there are any."""
    features = [
        {"name": name, "label": each.label, "isOn": name in settings.features}
        for name, each in FEATURES.items()
    ]
    return {
        "layers": list(settings.hidden_units),
        "mostLayers": MOST_LAYERS,
        "mostUnits": HIDDEN_UNITS.maximum,
        "features": features if INPUT_FEATURES.applies(settings) else [],
    }


def reshaped(settings: Settings, told: object) -> Settings:
    """Return the settings with the layers or the features that the browser sends, if valid."""
    values = told if isinstance(told, dict) else {}
    known = {LAYERS.name: values.get("layers"), INPUT_FEATURES.name: values.get("features")}
    given: dict[str, Any] = {
        name: tuple(value) for name, value in known.items() if isinstance(value, list)
    }
    try:
        return replace(settings, **given)
    except SettingsError:
        return settings
