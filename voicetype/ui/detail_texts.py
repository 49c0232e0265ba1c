"""Details of messages in the user's language: the reasons that the edges name, and those that the system gives.

They come from layers without a language, and partly from Python and libc, which speak English to everybody. What is
not known here, a library's own words, stays as it is. Any thread; may import `i18n`.
"""

from __future__ import annotations

import errno
import os
import re

from voicetype.i18n import translate
from voicetype.qt import QtCore

_OS_ERROR = re.compile(r"\[Errno (?P<number>\d+)\] [^:]+(?P<rest>.*)", re.DOTALL)
_OWN = (
    QtCore.QT_TRANSLATE_NOOP("Details", "the model is not loaded"),
    QtCore.QT_TRANSLATE_NOOP("Details", "the model is closed"),
    QtCore.QT_TRANSLATE_NOOP("Details", "the recogniser is closed"),
    QtCore.QT_TRANSLATE_NOOP("Details", "the clipboard did not answer"),
    QtCore.QT_TRANSLATE_NOOP("Details", "another program holds the clipboard"),
    QtCore.QT_TRANSLATE_NOOP("Details", "no window has the focus"),
    QtCore.QT_TRANSLATE_NOOP("Details", "it did not ask for the text"),
    QtCore.QT_TRANSLATE_NOOP("Details", "its window does not come to the front"),
    QtCore.QT_TRANSLATE_NOOP("Details", "only typed text can be replaced"),
    QtCore.QT_TRANSLATE_NOOP("Details", "something was pressed meanwhile"),
    QtCore.QT_TRANSLATE_NOOP("Details", "the text was touched meanwhile"),
    QtCore.QT_TRANSLATE_NOOP("Details", "no connection to the X server"),
    QtCore.QT_TRANSLATE_NOOP("Details", "the X server does not answer"),
    QtCore.QT_TRANSLATE_NOOP("Details", "the sound system does not answer"),
)
"""Reasons that the edges give in words that suit a reader."""
_OF_LIBRARIES = {
    "not 16 kHz mono 16-bit": QtCore.QT_TRANSLATE_NOOP("Details", "the sound is not 16 kHz, mono, 16 bit"),
    "compressed unasked": QtCore.QT_TRANSLATE_NOOP("Details", "the server compressed what was not to be compressed"),
    "database is locked": QtCore.QT_TRANSLATE_NOOP("Details", "another program uses it"),
    "unable to open database file": QtCore.QT_TRANSLATE_NOOP("Details", "the file cannot be opened"),
    "attempt to write a readonly database": QtCore.QT_TRANSLATE_NOOP("Details", "the file is read-only"),
}
_OF_SYSTEM = {
    errno.EACCES: QtCore.QT_TRANSLATE_NOOP("Details", "access is denied"),
    errno.EPERM: QtCore.QT_TRANSLATE_NOOP("Details", "access is denied"),
    errno.ENOSPC: QtCore.QT_TRANSLATE_NOOP("Details", "the disk is full"),
    errno.EDQUOT: QtCore.QT_TRANSLATE_NOOP("Details", "the disk quota is used up"),
    errno.EROFS: QtCore.QT_TRANSLATE_NOOP("Details", "the disk is read-only"),
    errno.ENOENT: QtCore.QT_TRANSLATE_NOOP("Details", "there is no such file or folder"),
    errno.ENOTDIR: QtCore.QT_TRANSLATE_NOOP("Details", "this is no folder"),
    errno.EISDIR: QtCore.QT_TRANSLATE_NOOP("Details", "this is a folder"),
    errno.EIO: QtCore.QT_TRANSLATE_NOOP("Details", "the disk reports an error"),
    errno.ENOMEM: QtCore.QT_TRANSLATE_NOOP("Details", "there is not enough memory"),
    errno.EMFILE: QtCore.QT_TRANSLATE_NOOP("Details", "too many files are open"),
    errno.EBUSY: QtCore.QT_TRANSLATE_NOOP("Details", "another program uses it"),
    errno.ECONNREFUSED: QtCore.QT_TRANSLATE_NOOP("Details", "the server refuses the connection"),
    errno.ETIMEDOUT: QtCore.QT_TRANSLATE_NOOP("Details", "no answer in time"),
}

_NO_NUMBER = -1
"""Windows' library says of the network's numbers what it says of this one, that they are unknown."""


def detail_text(detail: str) -> str:
    """`detail` in the installed language, where it is known."""
    if found := _OS_ERROR.fullmatch(detail):
        known, rest = _OF_SYSTEM.get(int(found["number"])), found["rest"]
    else:
        by_system = {os.strerror(number): text for number, text in _OF_SYSTEM.items()}
        by_system.pop(os.strerror(_NO_NUMBER), None)
        known, rest = by_system.get(detail) or _OF_LIBRARIES.get(detail) or (detail if detail in _OWN else None), ""
    return translate("Details", str(known)) + rest if known else detail
