"""A VTE terminal, as most desktops have it, in which a shell runs a script. Usage: vte_terminal.py SCRIPT

By ctypes, like the GTK field.
"""

import ctypes
import sys

gtk = ctypes.CDLL("libgtk-3.so.0")
gobject = ctypes.CDLL("libgobject-2.0.so.0")
vte = ctypes.CDLL("libvte-2.91.so.0")
gtk.gtk_window_new.restype = vte.vte_terminal_new.restype = ctypes.c_void_p
Ended = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
NO_LIMIT_MS = -1


@Ended
def leave(_terminal: int, _status: int, _data: int) -> None:
    gtk.gtk_main_quit()


gtk.gtk_init(None, None)
window = ctypes.c_void_p(gtk.gtk_window_new(0))
gtk.gtk_window_set_title(window, b"target field")
terminal = ctypes.c_void_p(vte.vte_terminal_new())
gtk.gtk_container_add(window, terminal)
gobject.g_signal_connect_data(terminal, b"child-exited", leave, None, None, 0)
command = (ctypes.c_char_p * 4)(b"/bin/sh", b"-c", sys.argv[1].encode(), None)
options = (None, 0, None, None, None, NO_LIMIT_MS, None, None, None)
vte.vte_terminal_spawn_async(terminal, 0, None, command, *options)
gtk.gtk_widget_show_all(window)
gtk.gtk_main()
