"""What a page is put together from: to know whether there is anything on it to look at."""

from html.parser import HTMLParser

# What tells an element from another of its name, for the eye and for who hears it.
_TELLING = frozenset({"class", "lang", "open", "role", "scope", "type"})
_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "wbr"})


class Parts(HTMLParser):
    """`found`: the elements of a page, each with what it stands in, whether it has a text, and
    which attributes; however many there are of it, and whatever the text is. `links`: where its
    links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self._within: list[str] = []
        self._found: set[str] = set()
        self._empty = False
        self.feed(page)
        self.close()
        self.found = frozenset(self._found)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href") and "download" not in given:
            self.links.append(str(given["href"]))
        told = [f"{name}={given[name]}" if name in _TELLING else name for name in sorted(given)]
        self._within.append(f"{tag}[{' '.join(told)}]")
        self._note()
        self._empty = True
        if tag in _VOID:
            self._within.pop()
            self._empty = False

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._empty:
            self._note(" without anything")
        self._empty = False
        while not self._within.pop().startswith(f"{tag}["):
            pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._note(" with a text")
            self._empty = False

    def _note(self, what: str = "") -> None:
        self._found.add(">".join(self._within) + what)
