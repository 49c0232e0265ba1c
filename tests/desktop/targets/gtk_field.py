"""A GTK window with one text field that writes what stands in it to a file. Usage: gtk_field.py FILE [text|line]

GTK by ctypes, since its library comes with most desktops and a binding for this Python with none.
"""

import ctypes
import sys
from pathlib import Path

file = Path(sys.argv[1])
one_line = sys.argv[2:] == ["line"]
gtk = ctypes.CDLL("libgtk-3.so.0")
glib = ctypes.CDLL("libglib-2.0.so.0")
gobject = ctypes.CDLL("libgobject-2.0.so.0")
for function in (
    *("gtk_window_new", "gtk_text_view_new", "gtk_text_view_get_buffer", "gtk_text_buffer_get_text"),
    *("gtk_entry_new", "gtk_entry_get_text"),
):
    getattr(gtk, function).restype = ctypes.c_void_p
Place = ctypes.c_char * 128  # GtkTextIter, which is smaller
Changed = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)


@Changed
def write(_source: int, _data: int) -> None:
    if one_line:
        file.write_bytes(ctypes.string_at(gtk.gtk_entry_get_text(field)))
        return
    start, end = Place(), Place()
    gtk.gtk_text_buffer_get_bounds(source, start, end)
    text = gtk.gtk_text_buffer_get_text(source, start, end, 1)
    file.write_bytes(ctypes.string_at(text))
    glib.g_free(ctypes.c_void_p(text))


gtk.gtk_init(None, None)
window = ctypes.c_void_p(gtk.gtk_window_new(0))
gtk.gtk_window_set_title(window, b"target field")
field = ctypes.c_void_p(gtk.gtk_entry_new() if one_line else gtk.gtk_text_view_new())
source = field if one_line else ctypes.c_void_p(gtk.gtk_text_view_get_buffer(field))
gtk.gtk_container_add(window, field)
gobject.g_signal_connect_data(source, b"changed", write, None, None, 0)
gtk.gtk_widget_show_all(window)
gtk.gtk_main()
