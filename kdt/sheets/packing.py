"""Files in a zip without the moment they were packed: the same content is the same bytes."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

_NO_MOMENT = (1980, 1, 1, 0, 0, 0)


def packed(files: Mapping[str, bytes], *, bare: str | None = None) -> bytes:
    """The files in their order; the one named `bare` is not compressed."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for name, content in files.items():
            how = zipfile.ZIP_STORED if name == bare else zipfile.ZIP_DEFLATED
            zipped.writestr(zipfile.ZipInfo(name, _NO_MOMENT), content, how)
    return out.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a zip in their order."""
    with zipfile.ZipFile(BytesIO(content)) as zipped:
        return {one: zipped.read(one) for one in zipped.namelist()}
