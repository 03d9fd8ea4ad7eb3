"""Durations in words."""


def duration(seconds: float) -> str:
    """Write a number of seconds as people say it.

    Examples
    --------
    >>> duration(7384), duration(61), duration(2)
    ('2 h 03 min', '1 min 01 s', '2 s')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
