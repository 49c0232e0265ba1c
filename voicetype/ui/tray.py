"""The tray icon: shows the state, offers the menu, tells messages. GUI thread; may import `qt`, `i18n`, `core`."""

from __future__ import annotations

from voicetype.core.messages import Level, UserMessage
from voicetype.core.status import CAPTURING, AppStatus, ModelState, SessionState
from voicetype.i18n import translate
from voicetype.qt import QtCore, QtGui, QtWidgets, Signal, Slot
from voicetype.ui.icons import TrayState, tray_icon
from voicetype.ui.messages import loading, session_text, text_of
from voicetype.ui.own_presses import OwnPresses

_MESSAGE_MS = 8_000
_MENU_TEXT_PX = 380
"""A longer sentence would make the menu as wide as the screen; the settings show it whole."""


def tray_state(status: AppStatus) -> TrayState:
    """What the icon shows. A dictation in progress hides old problems; the next press may well solve them."""
    if status.session is SessionState.LISTENING:
        return TrayState.LISTENING
    if status.session is SessionState.STARTING:
        return TrayState.LOADING
    if status.session is SessionState.FINALIZING:
        return TrayState.LOADING if loading(status) else TrayState.FINISHING
    if loading(status):
        return TrayState.LOADING
    has_error = status.problem is not None and status.problem.level is Level.ERROR
    return TrayState.ERROR if has_error or status.speech.state is ModelState.FAILED else TrayState.IDLE


class Tray(QtCore.QObject):
    """Icon, tooltip, menu and balloons.

    Signals:
        toggle_requested(): start or stop a dictation.
        insert_again_requested(), undo_requested(), copy_requested(): about the last text.
        recover_requested(): recognise the recordings that were kept.
        settings_requested(): show the settings.
        quit_requested(): end the program.

    Attributes:
        presses: those on the icon and in the menu.
    """

    toggle_requested = Signal()
    insert_again_requested = Signal()
    undo_requested = Signal()
    copy_requested = Signal()
    recover_requested = Signal()
    settings_requested = Signal()
    quit_requested = Signal()

    def __init__(self, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._status = AppStatus()
        self._state: TrayState | None = None
        self._icons: dict[TrayState, QtGui.QIcon] = {}
        self._menu = QtWidgets.QMenu()
        self._menu.aboutToShow.connect(self._rebuild_menu)
        self.presses = OwnPresses(self)
        self.presses.watch(self._menu)
        self._icon = QtWidgets.QSystemTrayIcon(self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._on_activated)
        self.render(self._status)
        # Some trays fetch the menu over D-Bus before they announce that they show it.
        self._rebuild_menu()

    def show(self) -> None:
        """Appear in the tray, at once or as soon as the desktop has one."""
        self._icon.show()
        self.presses.watch_tray_icon()

    def hide(self) -> None:
        """Leave the tray."""
        self._icon.hide()

    def visible(self) -> bool:
        """Whether the icon is in a tray."""
        return self._icon.isVisible()

    def menu(self) -> QtWidgets.QMenu:
        """The menu; filled anew each time it opens."""
        return self._menu

    def tooltip(self) -> str:
        """The text that hovering shows."""
        return self._icon.toolTip()

    @Slot(object)
    def render(self, status: AppStatus) -> None:
        """Show `status`."""
        self._status = status
        state = tray_state(status)
        if state is not self._state:
            self._state = state
            self._icon.setIcon(self._icon_of(state))
        tooltip = self._tooltip_of(status, state)
        if tooltip != self._icon.toolTip():
            self._icon.setToolTip(tooltip)

    @Slot(object)
    def show_message(self, message: UserMessage) -> None:
        """Tell `message` in a balloon; nothing where the desktop has none."""
        icons = {
            Level.INFO: QtWidgets.QSystemTrayIcon.MessageIcon.Information,
            Level.WARNING: QtWidgets.QSystemTrayIcon.MessageIcon.Warning,
            Level.ERROR: QtWidgets.QSystemTrayIcon.MessageIcon.Critical,
        }
        if self._icon.isVisible() and self._icon.supportsMessages():
            self._icon.showMessage("VoiceType", text_of(message), icons[message.level], _MESSAGE_MS)

    def _icon_of(self, state: TrayState) -> QtGui.QIcon:
        if state not in self._icons:
            self._icons[state] = tray_icon(state)
        return self._icons[state]

    @staticmethod
    def _tooltip_of(status: AppStatus, state: TrayState) -> str:
        if state is TrayState.ERROR:
            problem = status.problem or status.speech.error
            text = text_of(problem) if problem else translate("Tray", "The speech model could not be loaded")
        else:
            text = session_text(status)
        lines = [f"VoiceType: {text}"]
        if status.hotkey:
            lines.append(_hotkey_text(status).format(hotkey=status.hotkey))
        return "\n".join(lines)

    @Slot()
    def _rebuild_menu(self) -> None:
        """Fill the menu from the last status. GUI thread."""
        menu, status = self._menu, self._status
        self.presses.watch_tray_icon()  # there may be another tray now
        menu.clear()
        toggle = menu.addAction(_toggle_text(status))
        toggle.triggered.connect(self.toggle_requested)
        menu.setDefaultAction(toggle)
        notes = _notes(status)
        if notes:
            menu.addSeparator()
        for text, icon in notes:
            short = menu.fontMetrics().elidedText(text, QtCore.Qt.TextElideMode.ElideRight, _MENU_TEXT_PX)
            action = menu.addAction(short)
            action.triggered.connect(self.settings_requested)
            action.setToolTip(text)
            action.setIcon(QtWidgets.QApplication.style().standardIcon(icon))
        menu.addSeparator()
        self._add_text_actions(menu, status)
        menu.addSeparator()
        menu.addAction(translate("Tray", "Settings…")).triggered.connect(self.settings_requested)
        menu.addAction(translate("Tray", "Quit")).triggered.connect(self.quit_requested)

    def _add_text_actions(self, menu: QtWidgets.QMenu, status: AppStatus) -> None:
        if status.recordings:
            text = translate("Tray", "Recognise what was kept ({count})").format(count=status.recordings)
            menu.addAction(text).triggered.connect(self.recover_requested)
        for text, signal in (
            (translate("Tray", "Insert the last text again"), self.insert_again_requested),
            (translate("Tray", "Undo the last insertion"), self.undo_requested),
            (translate("Tray", "Copy the last text"), self.copy_requested),
        ):
            action = menu.addAction(text)
            action.setEnabled(status.last_text)
            action.triggered.connect(signal)

    @Slot(QtWidgets.QSystemTrayIcon.ActivationReason)
    def _on_activated(self, reason: QtWidgets.QSystemTrayIcon.ActivationReason) -> None:
        if reason is QtWidgets.QSystemTrayIcon.ActivationReason.Trigger:
            self.toggle_requested.emit()


def _hotkey_text(status: AppStatus) -> str:
    idle = status.session is SessionState.IDLE
    if status.hotkey_is_held:
        return (
            translate("Tray", "Hold {hotkey} to dictate") if idle else translate("Tray", "Let go of {hotkey} to stop")
        )
    return translate("Tray", "{hotkey} starts dictation") if idle else translate("Tray", "{hotkey} stops dictation")


def _toggle_text(status: AppStatus) -> str:
    stops = status.session in CAPTURING
    text = translate("Tray", "Stop dictation") if stops else translate("Tray", "Start dictation")
    return f"{text} ({status.hotkey})" if status.hotkey else text


def _notes(status: AppStatus) -> list[tuple[str, QtWidgets.QStyle.StandardPixmap]]:
    """What the user should know, each with its icon."""
    pixmaps = QtWidgets.QStyle.StandardPixmap
    notes = []
    problem = status.problem or status.speech.error
    if problem is not None:
        error = problem.level is Level.ERROR
        notes.append((text_of(problem), pixmaps.SP_MessageBoxCritical if error else pixmaps.SP_MessageBoxWarning))
    if status.demonstration:
        notes.append((translate("Tray", "Demonstration model, not for real work"), pixmaps.SP_MessageBoxInformation))
    return notes
