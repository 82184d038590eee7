"""A plot of sweeps as SVG: one panel per parameter, one line per method. In: points. Out: text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

_PANEL: Final = (250, 190)
_ROOM: Final = (46, 28, 12, 34)  # left, top, right, bottom
_COLOURS: Final = ("#1f5f99", "#a8430b", "#00805c", "#6b6b75")
_DASHES: Final = ("", "6 3", "2 3", "8 3 2 3")


class Sweep(NamedTuple):
    """A parameter's values, evenly spaced, and by method a value between 0 and 1 for each."""

    parameter: str
    values: Sequence[float]
    lines: Mapping[str, Sequence[float]]


def plot(sweeps: Sequence[Sweep], title: str) -> str:
    """The panels side by side, the names of the methods below."""
    width, height = len(sweeps) * _PANEL[0] + 10, _PANEL[1] + 56
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="11" role="img">',
        f'<title>{escape(title)}</title><rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="10" y="16" font-size="13">{escape(title)}</text>',
        *(_panel(sweep, number * _PANEL[0], 20) for number, sweep in enumerate(sweeps)),
        *_legend(tuple(sweeps[0].lines), height - 14),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _panel(sweep: Sweep, left: float, top: float) -> str:
    x0, y0 = left + _ROOM[0], top + _ROOM[1]
    wide, high = _PANEL[0] - _ROOM[0] - _ROOM[2], _PANEL[1] - _ROOM[1] - _ROOM[3]
    step = wide / max(1, len(sweep.values) - 1)
    parts = [f'<path d="M{x0} {y0}v{high}h{wide}" fill="none" stroke="#444"/>']
    for tick in (0.0, 0.5, 1.0):
        y = y0 + high * (1 - tick)
        parts.append(f'<text x="{x0 - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
        parts.append(f'<path d="M{x0} {y:.1f}h{wide}" stroke="#ddd"/>')
    for number, value in enumerate(sweep.values):
        parts.append(f'<text x="{x0 + number * step:.1f}" y="{y0 + high + 14}" text-anchor="middle">{value:g}</text>')
    parts.append(
        f'<text x="{x0 + wide / 2}" y="{y0 + high + 29}" text-anchor="middle">{escape(sweep.parameter)}</text>'
    )
    for number, line in enumerate(sweep.lines.values()):
        points = " ".join(f"{x0 + n * step:.1f},{y0 + high * (1 - y):.1f}" for n, y in enumerate(line))
        parts.append(f'<polyline points="{points}" {_pen(number)}/>')
    return "".join(parts)


def _legend(names: Sequence[str], y: float) -> list[str]:
    return [
        f'<path d="M{20 + 190 * number} {y - 4}h26" {_pen(number)}/><text x="{52 + 190 * number}" y="{y}">'
        f"{escape(name)}</text>"
        for number, name in enumerate(names)
    ]


def _pen(number: int) -> str:
    return f'fill="none" stroke="{_COLOURS[number]}" stroke-width="2" stroke-dasharray="{_DASHES[number]}"'
