"""Draws voicetype.ico, the icon of VoiceType.exe, as the program draws its own, and welcome.bmp of the installer.

    python packaging/frozen/make_icon.py     after a change of voicetype/ui/icons.py

The files are kept in the repository, since not every machine that builds can draw.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import Any

ICON = Path(__file__).with_name("voicetype.ico")
PICTURE = ICON.with_name("welcome.bmp")
PICTURE_SIZE = (164, 314)
"""Pixels, at 100 % of scale, of the picture at the left of the installer's first and last page."""
_BACKGROUND, _ICON_WIDTH, _ICON_TOP = "#e4e9f0", 104, 64
SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
"""Pixels: what Windows asks for at 100 to 250 % of scale, and the tiles."""
_PNG_FROM = 256
"""Smaller ones are bitmaps, since not all that reads icons takes PNG there."""
_HEAD, _ENTRY, _BITMAP = struct.Struct("<HHH"), struct.Struct("<BBBBHHII"), struct.Struct("<IiiHHIIiiII")
_ICON_KIND, _PLANES, _BITS = 1, 1, 32
_MASK_ALIGNMENT = 32


def ico(pictures: dict[int, bytes]) -> bytes:
    """An icon file of encoded pictures by their size in pixels."""
    offset = _HEAD.size + _ENTRY.size * len(pictures)
    head, body = _HEAD.pack(0, _ICON_KIND, len(pictures)), b""
    for size, content in pictures.items():
        side = size % 256  # 0 stands for 256
        head += _ENTRY.pack(side, side, 0, 0, _PLANES, _BITS, len(content), offset + len(body))
        body += content
    return head + body


def draw() -> dict[int, bytes]:
    """The program's icon in all SIZES, encoded for an icon file. Needs a QGuiApplication."""
    from voicetype.ui.icons import picture

    return {size: _encoded(picture(size).toImage(), size) for size in SIZES}


def draw_picture() -> Any:
    """The installer's picture, of 256 colours. Needs a QGuiApplication."""
    from voicetype.qt import QtGui
    from voicetype.ui.icons import picture

    image = QtGui.QImage(*PICTURE_SIZE, QtGui.QImage.Format.Format_RGB32)
    image.fill(QtGui.QColor(_BACKGROUND))
    painter = QtGui.QPainter(image)
    painter.drawPixmap((PICTURE_SIZE[0] - _ICON_WIDTH) // 2, _ICON_TOP, picture(_ICON_WIDTH))
    painter.end()
    return image.convertToFormat(QtGui.QImage.Format.Format_Indexed8)


def _encoded(image: Any, size: int) -> bytes:
    from voicetype.qt import QtCore, QtGui

    if size >= _PNG_FROM:
        buffer = QtCore.QBuffer()
        buffer.open(QtCore.QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")
        return bytes(buffer.data().data())
    pixels = bytes(image.convertToFormat(QtGui.QImage.Format.Format_ARGB32).constBits())
    rows = [pixels[start : start + size * 4] for start in range(0, len(pixels), size * 4)]
    mask = bytes((size + _MASK_ALIGNMENT - 1) // _MASK_ALIGNMENT * 4 * size)  # the colours have their own alpha
    head = _BITMAP.pack(_BITMAP.size, size, size * 2, _PLANES, _BITS, 0, len(pixels) + len(mask), 0, 0, 0, 0)
    return head + b"".join(reversed(rows)) + mask


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from voicetype.qt import QtGui

    application = QtGui.QGuiApplication([])
    ICON.write_bytes(ico(draw()))
    draw_picture().save(str(PICTURE), "BMP")
