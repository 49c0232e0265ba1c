"""A notice offers what can be done, and never takes the focus."""

import pytest

from tests.fakes_ui import spoken
from voicetype.core.messages import Level, MessageCode, UserMessage
from voicetype.qt import QtCore, QtWidgets
from voicetype.ui import floating
from voicetype.ui.notice import Choice, Notice

CANCELLED = UserMessage(MessageCode.DICTATION_CANCELLED, Level.INFO)
LEFT = UserMessage(MessageCode.SOUND_LEFT, Level.WARNING, {"count": "1", "seconds": "12"})


@pytest.fixture
def notice(qtbot):
    widget = Notice()
    qtbot.addWidget(widget)
    return widget


def test_each_button_says_what_was_chosen_and_the_notice_goes(qtbot, notice):
    for number, action in enumerate((Choice.RECOGNISE, Choice.DISCARD)):
        notice.show_message(LEFT)
        with qtbot.waitSignal(notice.chosen) as told:
            notice.buttons()[number].click()
        assert told.args == [action]
        assert not notice.isVisible()


def test_a_new_message_takes_the_place_of_the_old_one(notice):
    notice.show_message(LEFT)
    notice.show_message(CANCELLED)
    assert [button.text() for button in notice.buttons()] == ["Insert here", "Copy"]


def test_it_is_russian_where_the_program_is(qapp, notice):
    with spoken(qapp, "ru"):
        notice.show_message(CANCELLED)
    assert [button.text() for button in notice.buttons()] == ["Вставить сюда", "Скопировать"]


def test_neither_window_nor_buttons_take_the_focus(notice):
    notice.show_message(LEFT)
    assert notice.windowFlags() & QtCore.Qt.WindowType.WindowDoesNotAcceptFocus
    widgets = [notice, *notice.findChildren(QtWidgets.QPushButton)]
    assert all(widget.focusPolicy() is QtCore.Qt.FocusPolicy.NoFocus for widget in widgets)


def test_the_whole_sentence_fits(notice):
    for message in (LEFT, CANCELLED):
        notice.show_message(message)
        label = notice.findChildren(QtWidgets.QLabel)[0]
        assert label.height() >= label.heightForWidth(label.width())


def test_what_needs_an_answer_stays(notice):
    notice.show_message(CANCELLED)
    timer = notice.findChild(QtCore.QTimer)
    assert timer.isActive()
    notice.show_message(LEFT)
    assert not timer.isActive()


@pytest.mark.parametrize("code", ["target_closed", "target_forbidden", "text_held", "typing_interrupted", "no_target"])
def test_a_text_that_is_not_in_its_window_can_be_had(notice, code):
    notice.show_message(UserMessage(MessageCode(code), Level.WARNING, {"app": "Letters"}))
    assert [button.property("action") for button in notice.buttons()] == ["insert", "copy"]


def test_it_goes_when_its_offer_is_out_of_date(notice):
    notice.show_message(LEFT)
    notice.take_back(Choice.INSERT)
    assert notice.isVisible()
    notice.take_back(Choice.RECOGNISE)
    assert not notice.isVisible()


def test_messages_without_a_choice_do_not_suit():
    assert Notice.suits(LEFT)
    assert not Notice.suits(UserMessage(MessageCode.NO_MICROPHONE))


@pytest.mark.parametrize(("screen", "width"), [(1280, 328), (1366, 371), (1920, 400), (800, 300), (310, 278)])
def test_it_stays_beside_the_overlay_where_there_is_room(screen, width):
    area = QtCore.QRect(0, 0, screen, 700)
    assert floating.notice_width(area) == width
    if screen >= 1280:
        assert screen - width - floating.MARGIN > (screen + floating.overlay_width(area)) // 2
