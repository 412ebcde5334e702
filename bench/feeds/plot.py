"""Figures -> an SVG plot, by hand: two lines over the number of events, on logarithmic axes."""

from __future__ import annotations

from math import log10

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 720, 400, 70, 30, 50
SERIES = (("build", "build, seconds", "#1d5b8f"), ("mb", "memory, MB", "#8a4b08"))


def lines(rows: list[dict[str, float]]) -> str:
    """Both axes are logarithmic: what grows linearly is parallel to the dashed line."""
    values = [row[key] for key, _, _ in SERIES for row in rows]
    low, high = int(log10(min(values)) - 0.999), int(log10(max(values)) + 0.999)
    first, last = log10(rows[0]["size"]), log10(rows[-1]["size"])

    def x(size: float) -> float:
        return LEFT + (log10(size) - first) / (last - first) * (WIDTH - LEFT - 150)

    def y(value: float) -> float:
        return TOP + (high - log10(value)) / (high - low) * (HEIGHT - TOP - BOTTOM)

    marks = []
    for exponent in range(low, high + 1):
        at = y(10.0**exponent)
        marks.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - 150}" stroke="#ddd"/>')
        marks.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**exponent:g}</text>')
    under = HEIGHT - BOTTOM + 20
    marks += [
        f'<text x="{x(row["size"]):.1f}" y="{under}" text-anchor="middle">{row["size"]:,.0f}</text>' for row in rows
    ]
    for key, label, colour in SERIES:
        path = "L".join(f"{x(row['size']):.1f} {y(row[key]):.1f}" for row in rows)
        marks.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        marks += [f'<circle cx="{x(row["size"]):.1f}" cy="{y(row[key]):.1f}" r="4" fill="{colour}"/>' for row in rows]
        marks.append(f'<text x="{WIDTH - 142}" y="{y(rows[-1][key]) + 4:.1f}" fill="{colour}">{label}</text>')
    start = rows[-1]["build"] / rows[-1]["size"] * rows[0]["size"]
    slope = (
        f"M{x(rows[0]['size']):.1f} {y(max(start, 10.0**low)):.1f}L{x(rows[-1]['size']):.1f} {y(rows[-1]['build']):.1f}"
    )
    marks.append(f'<path d="{slope}" stroke="#888" stroke-dasharray="4 4"/>')
    marks.append(f'<text x="{(WIDTH - 150 + LEFT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">events</text>')
    body = "\n".join(marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        ' font-size="12">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{body}\n</svg>\n'
    )
