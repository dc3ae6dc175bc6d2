"""Planned visits as a feed for calendars: iCalendar, RFC 5545."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event


def calendar_feed(trial: str, visits: Iterable[tuple[str, str, date]], made_on: date) -> bytes:
    """Write visits as a feed.

    Parameters
    ----------
    trial : str
        NCT number.
    visits : iterable of (str, str, date)
        Study number, visit code and day of each.
    made_on : date
        Day on which the feed is made; stands in it as RFC 5545 demands.

    Returns
    -------
    bytes
        Whole-day events in the order given, equal for equal visits and day. A visit that moves
        keeps its identifier, so that a calendar moves it too.
    """
    feed = Calendar()
    feed.add("prodid", "-//Trialwright//visits//EN")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", f"{trial} visits")  # by which calendars list it
    made_at = datetime.combine(made_on, time(), UTC)
    for number, code, on in visits:
        event = Event()
        event.add("uid", f"{number}-{code}@{trial}.trialwright")
        event.add("dtstamp", made_at)
        event.add("summary", f"{number} {code}")
        event.add("dtstart", on)
        event.add("dtend", on + timedelta(days=1))
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        feed.add_component(event)
    return bytes(feed.to_ical())
