"""Outside news of a play: a feed of texts of our own (tests/parse/news), as a news site would have it."""
import email.utils
import os
from xml.sax.saxutils import escape

from stage import TOP, StageFault

TEXTS = os.path.join(TOP, "tests", "parse", "news", "tune")
TITLE_MIN = 14  # characters: shorter first lines are a day or a name


def read_text(name):
    """(title, HTML) of a fixture: what stands below its expectations."""
    try:
        with open(os.path.join(TEXTS, name + ".txt"), encoding="utf-8") as file:
            lines = [line for line in file.read().split("----\n", 1)[1].splitlines() if line.strip()]
    except FileNotFoundError:
        raise StageFault(f"there is no text {name} in {os.path.relpath(TEXTS, TOP)}") from None
    title = next((line for line in lines if len(line) >= TITLE_MIN), lines[0]).strip("■ ")
    return title, "".join(f"<p>{escape(line)}</p>" for line in lines)


def news_bring(cast, name, time):
    """One more entry of the feed at {feed}."""
    title, text = read_text(name)
    number = len(cast.news) + 1
    cast.news.append(f"<item><title>{escape(title)}</title><guid>news-{number}</guid>"
                     f"<link>https://news.example/{number}</link><pubDate>{email.utils.format_datetime(time)}</pubDate>"
                     f"<description>{escape(text)}</description></item>")
    with open(cast.stage.feed, "w", encoding="utf-8") as file:
        file.write(f"<?xml version='1.0'?><rss version='2.0'><channel><title>news</title>{''.join(cast.news)}"
                   "</channel></rss>")
    os.chmod(cast.stage.feed, 0o644)
    return title
