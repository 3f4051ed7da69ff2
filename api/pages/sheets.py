"""Files for a Dutch spreadsheet: semicolons, a byte-order mark, and nothing taken for a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from starlette.responses import Response

from kdt.cells import plain

# What makes a spreadsheet read Dutch: it takes the mark for UTF-8, and the semicolon for a column.
_BYTE_ORDER_MARK = "\ufeff"


def sheet(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The whole file, all of it text."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(head)
    writer.writerows([[plain(value) for value in row] for row in rows])
    return _BYTE_ORDER_MARK + out.getvalue()


def download(content: str, name: str, kind: str) -> Response:
    """A file to take away, under a name with its ending."""
    return Response(
        content,
        media_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
