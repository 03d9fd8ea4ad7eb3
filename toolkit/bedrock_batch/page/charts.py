"""The kinds of charts, as small SVG in the page's own colours; what is drawn is said where the page is rendered."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING, NamedTuple

from bedrock_batch.page.markup import joined, tag
from bedrock_batch.values import counted, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

_WIDTH, _HEIGHT, _TOP, _BOTTOM, _LEFT = 480, 164, 36, 24, 60
_MILLISECONDS = "ms"
_FEWEST_BARS, _MOST_BARS = 8, 24
_GAP = 2
_ROOM_AT_RIGHT = 0.7
_NICE = (1, 2, 5, 10)


class Bins(NamedTuple):
    """A histogram.

    Attributes
    ----------
    start, width : int
        Where the first bin begins, and how wide each is.
    counts : list of int
        How many values each has.
    """

    start: int
    width: int
    counts: list[int]


def bins_of(values: Sequence[int]) -> Bins:
    """Sort values into 8 to 24 bins with round edges.

    Examples
    --------
    >>> bins_of([3, 4, 4])
    Bins(start=3, width=1, counts=[1, 2, 0, 0, 0, 0, 0, 0])
    >>> bins_of([0, 99]).width
    5
    """
    low, high = min(values), max(values)
    width = _nice((high - low + 1) / _MOST_BARS)
    start = low // width * width
    counts = [0] * max((high - start) // width + 1, _FEWEST_BARS)
    for value in values:
        counts[(value - start) // width] += 1
    return Bins(start, width, counts)


def quantile(ordered: Sequence[int], share: float) -> int:
    """Tell the value below which a share of sorted values is.

    Examples
    --------
    >>> quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 0.95)
    (2, 4)
    """
    return ordered[max(ceil(share * len(ordered)) - 1, 0)]


def histogram(title: str, unit: str, values: Sequence[int]) -> Markup:
    """Draw how values are distributed, with the middle one and the one that 95 of 100 do not exceed."""
    bins, ordered = bins_of(values), sorted(values)
    middle, high = quantile(ordered, 0.5), quantile(ordered, 0.95)
    says = f"Half of the records have at most {_amount(middle, unit)}, 95 of 100 at most {high:,}."
    drawing = tag(
        "svg",
        _counts(max(bins.counts)),
        *_bars(bins, unit),
        _axis(bins),
        *_markers(bins, middle, high),
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        aria_label=f"{title}. {says}",
    )
    return tag("figure", tag("figcaption", tag("b", title), " ", tag("span", says, class_="quiet")), drawing)


def shares(parts: Sequence[tuple[str, int, str]]) -> Markup:
    """Draw one bar that is divided like a whole: label, amount and class of each part."""
    total = sum(amount for _, amount, _ in parts)
    pieces, x = [], 0.0
    for label, amount, style in parts:
        if amount:
            # What is there is seen, be it one in a million.
            width = max(amount / total * 1000, 4)
            title = tag("title", f"{label}: {amount:,}")
            pieces.append(
                tag("g", title, tag("rect", x=f"{x:.1f}", y=0, width=f"{width:.1f}", height=14, class_=style))
            )
            x += width
    label = ", ".join(f"{amount:,} {name}" for name, amount, _ in parts)
    drawing = tag(
        "svg", *pieces, viewBox=f"0 0 {max(x, 1):.1f} 14", preserveAspectRatio="none", role="img", aria_label=label
    )
    return tag("div", drawing, class_="shares")


def _nice(least: float) -> int:
    power = int(10 ** floor(log10(max(least, 1))))
    return max(next(ceil(step * power) for step in _NICE if step * power >= least), 1)


def _bars(bins: Bins, unit: str) -> list[Markup]:
    step, most = (_WIDTH - _LEFT) / len(bins.counts), max(bins.counts)
    drawn = []
    for place, count in enumerate(bins.counts):
        low = bins.start + place * bins.width
        high = low + bins.width - 1
        edges = _amount(low, unit) if low == high else f"{low:,} to {_amount(high, unit)}"
        height = max(_HEIGHT - _BOTTOM - _height(count, most), 1.5 if count else 0)
        bar = tag(
            "rect",
            x=f"{_LEFT + place * step + _GAP / 2:.1f}",
            y=f"{_HEIGHT - _BOTTOM - height:.1f}",
            width=f"{max(step - _GAP, 1):.1f}",
            height=f"{height:.1f}",
            rx=1,
            class_="bar",
        )
        drawn.append(tag("g", tag("title", f"{edges}: {counted(count, 'record')}"), bar))
    return drawn


def _axis(bins: Bins) -> Markup:
    y = _HEIGHT - _BOTTOM
    end = bins.start + len(bins.counts) * bins.width
    middle = bins.start + len(bins.counts) * bins.width // 2
    return joined(
        tag("line", x1=_LEFT, x2=_WIDTH, y1=y, y2=y, class_="axis"),
        tag("text", f"{bins.start:,}", x=_LEFT, y=_HEIGHT - 8),
        tag("text", f"{middle:,}", x=(_LEFT + _WIDTH) / 2, y=_HEIGHT - 8, text_anchor="middle"),
        tag("text", f"{end:,}", x=_WIDTH, y=_HEIGHT - 8, text_anchor="end"),
    )


def _counts(most: int) -> Markup:
    """Draw the axis of how many records there are."""
    lines = []
    for count in sorted({most, most // 2} - {0}):
        y = _height(count, most)
        lines.append(tag("line", x1=_LEFT, x2=_WIDTH, y1=f"{y:.1f}", y2=f"{y:.1f}", class_="axis"))
        lines.append(tag("text", f"{count:,}", x=_LEFT - 6, y=f"{y + 4:.1f}", text_anchor="end"))
    name = tag("text", plural(most, "record"), x=_LEFT - 6, y=_TOP - 24, text_anchor="end")
    return joined(*lines, name)


def _height(count: int, most: int) -> float:
    """Tell the place of a count above the axis of values, from the top of the drawing."""
    return _HEIGHT - _BOTTOM - count / most * (_HEIGHT - _TOP - _BOTTOM)


def _amount(value: int, unit: str) -> str:
    return f"{value:,} {unit}" if unit == _MILLISECONDS else counted(value, unit)


def _markers(bins: Bins, middle: int, high: int) -> list[Markup]:
    if middle == high:
        return [_marker(bins, middle, "median and 95%", y=14)]
    return [_marker(bins, middle, "median", y=14), _marker(bins, high, "95%", y=30)]


def _marker(bins: Bins, value: int, label: str, *, y: int) -> Markup:
    share = (value - bins.start + 0.5) / (len(bins.counts) * bins.width)
    x = _LEFT + share * (_WIDTH - _LEFT)
    anchor, shift = ("start", 4) if share < _ROOM_AT_RIGHT else ("end", -4)
    return joined(
        tag("line", x1=f"{x:.1f}", x2=f"{x:.1f}", y1=y - 12, y2=_HEIGHT - _BOTTOM, class_="marker"),
        tag("text", f"{label} {value:,}", x=f"{x + shift:.1f}", y=y, text_anchor=anchor, class_="strong"),
    )
