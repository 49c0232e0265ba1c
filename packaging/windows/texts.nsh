; What the installer says, in UTF-8.
!macro TEXT NAME RUSSIAN ENGLISH
  LangString ${NAME} ${LANG_RUSSIAN} "${RUSSIAN}"
  LangString ${NAME} ${LANG_ENGLISH} "${ENGLISH}"
!macroend
!insertmacro TEXT PROGRAM_FILES "VoiceType" "VoiceType"
!insertmacro TEXT ABOUT_PROGRAM "Программа и небольшие демонстрационные модели." "The program and small demonstration models."
!insertmacro TEXT AUTOSTART "Запускать при входе в Windows" "Start when I sign in"
!insertmacro TEXT ABOUT_AUTOSTART "VoiceType ждёт в области уведомлений." "VoiceType waits in the notification area."
!insertmacro TEXT DESKTOP_SHORTCUT "Значок на рабочем столе" "Shortcut on the desktop"
!insertmacro TEXT ABOUT_DESKTOP "Запуск двойным щелчком." "Starts by a double click."
!insertmacro TEXT USER_DATA "Настройки, история и модели" "Settings, history and models"
!insertmacro TEXT ABOUT_DATA "Удалить без возможности восстановления. Без отметки они останутся для новой установки." "Deletes them for good. Unchecked, they stay for a later installation."
!insertmacro TEXT QUITTING "VoiceType завершает работу…" "Asking VoiceType to quit…"
!insertmacro TEXT IN_USE "Эти файлы заняты другой программой:" "These files are in use by another program:"
!insertmacro TEXT CLOSE_THEM "Закройте её и повторите." "Close it, then try again."
!insertmacro TEXT FOREIGN_FOLDER "В этой папке находится другая программа. Выберите другую папку." "This folder holds another program. Choose another folder."
!insertmacro TEXT OLD_WINDOWS "Нужна 64-разрядная Windows 10 или новее." "A 64-bit Windows 10 or newer is needed."
