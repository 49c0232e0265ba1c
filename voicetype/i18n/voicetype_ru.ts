<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru" sourcelanguage="en">
<context>
    <name>Cli</name>
    <message>
        <source>Offline dictation: press the hotkey, speak, press again; the text stands at the cursor.</source>
        <translation>Диктовка без интернета: нажмите горячую клавишу, говорите, нажмите ещё раз — текст появится у курсора.</translation>
    </message>
    <message>
        <source>try the parts of the program here, alone; --json FILE writes what was found</source>
        <translation>проверить части программы на этом компьютере (указывается отдельно; --json ФАЙЛ запишет результат)</translation>
    </message>
    <message>
        <source>COMMAND</source>
        <translation>КОМАНДА</translation>
    </message>
    <message>
        <source>start the tray program (the default)</source>
        <translation>запустить программу в области уведомлений (по умолчанию)</translation>
    </message>
    <message>
        <source>without a microphone, dictate the bundled sample on the terminal instead</source>
        <translation>без микрофона продиктовать в терминале прилагаемый образец</translation>
    </message>
    <message>
        <source>measure this machine</source>
        <translation>измерить этот компьютер</translation>
    </message>
    <message>
        <source>print JSON in place of a table</source>
        <translation>вывести JSON вместо таблицы</translation>
    </message>
    <message>
        <source>load the models once and tell how they fare</source>
        <translation>загрузить модели один раз и сказать, что с ними</translation>
    </message>
    <message>
        <source>make finished text of recognised words</source>
        <translation>сделать из распознанных слов готовый текст</translation>
    </message>
    <message>
        <source>FILE</source>
        <translation>ФАЙЛ</translation>
    </message>
    <message>
        <source>one phrase a line, an empty line between dictations; without it, standard input</source>
        <translation>по фразе в строке, пустая строка между диктовками; без него — стандартный ввод</translation>
    </message>
    <message>
        <source>leave out the punctuation model</source>
        <translation>без модели пунктуации</translation>
    </message>
    <message>
        <source>measure models on your own texts and recordings</source>
        <translation>измерить модели на своих текстах и записях</translation>
    </message>
    <message>
        <source>your own terms and snippets</source>
        <translation>ваши термины и заготовки</translation>
    </message>
    <message>
        <source>list, install, check and remove models</source>
        <translation>показать, установить, проверить и удалить модели</translation>
    </message>
    <message>
        <source>to the program that runs, alone</source>
        <translation>работающей программе, только по одному</translation>
    </message>
    <message>
        <source>begin or stop a dictation</source>
        <translation>начать или закончить диктовку</translation>
    </message>
    <message>
        <source>begin one</source>
        <translation>начать</translation>
    </message>
    <message>
        <source>stop it and insert the text</source>
        <translation>закончить и вставить текст</translation>
    </message>
    <message>
        <source>stop it without a text</source>
        <translation>закончить без текста</translation>
    </message>
    <message>
        <source>exit, after a dictation in progress, and wait for it</source>
        <translation>закончить начатую диктовку, завершить программу и дождаться этого</translation>
    </message>
    <message>
        <source>show which models there are and which are installed</source>
        <translation>показать, какие модели есть и какие установлены</translation>
    </message>
    <message>
        <source>download a model and install it</source>
        <translation>скачать модель и установить её</translation>
    </message>
    <message>
        <source>install a model from a folder or zip archive</source>
        <translation>установить модель из папки или архива zip</translation>
    </message>
    <message>
        <source>compare the files of installed models with what was installed</source>
        <translation>сравнить файлы установленных моделей с тем, что было установлено</translation>
    </message>
    <message>
        <source>delete a model</source>
        <translation>удалить модель</translation>
    </message>
    <message>
        <source>print the folder that models are installed in</source>
        <translation>вывести папку, в которую устанавливаются модели</translation>
    </message>
    <message>
        <source>name of the model, see “list”</source>
        <translation>имя модели, см. «list»</translation>
    </message>
    <message>
        <source>NAME</source>
        <translation>ИМЯ</translation>
    </message>
    <message>
        <source>download it even if it is installed and whole</source>
        <translation>скачать, даже если она установлена и цела</translation>
    </message>
    <message>
        <source>folder or zip archive</source>
        <translation>папка или архив zip</translation>
    </message>
    <message>
        <source>PATH</source>
        <translation>ПУТЬ</translation>
    </message>
    <message>
        <source>install it under this name instead of its folder&apos;s</source>
        <translation>установить под этим именем, а не под именем её папки</translation>
    </message>
    <message>
        <source>print JSON</source>
        <translation>вывести JSON</translation>
    </message>
    <message>
        <source>installed</source>
        <translation>установлена</translation>
    </message>
    <message>
        <source>bundled</source>
        <translation>прилагается</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Имя</translation>
    </message>
    <message>
        <source>For</source>
        <translation>Для чего</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Язык</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Размер</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Состояние</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Лицензия</translation>
    </message>
    <message>
        <source>{name} is installed: {path}</source>
        <translation>{name} установлена: {path}</translation>
    </message>
    <message>
        <source>No model is installed.</source>
        <translation>Ни одна модель не установлена.</translation>
    </message>
    <message>
        <source>{name} is whole.</source>
        <translation>{name} цела.</translation>
    </message>
    <message>
        <source>{name} has the files that it needs. VoiceType did not install it, so there is no list to compare with.</source>
        <translation>У {name} есть все нужные файлы. Её установил не VoiceType, поэтому сравнить их не с чем.</translation>
    </message>
    <message>
        <source>{name} is deleted.</source>
        <translation>{name} удалена.</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>Скачивание</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>Проверка</translation>
    </message>
    <message>
        <source>Unpacking</source>
        <translation>Распаковка</translation>
    </message>
    <message>
        <source>B</source>
        <translation>Б</translation>
    </message>
    <message>
        <source>can be installed</source>
        <translation>можно установить</translation>
    </message>
    <message>
        <source>can be imported</source>
        <translation>можно импортировать</translation>
    </message>
    <message>
        <source>speech</source>
        <translation>речь</translation>
    </message>
    <message>
        <source>punctuation</source>
        <translation>пунктуация</translation>
    </message>
    <message>
        <source>{size} MB</source>
        <translation>{size} МБ</translation>
    </message>
    <message>
        <source>All is well.</source>
        <translation>Всё в порядке.</translation>
    </message>
    <message>
        <source>Dictation works, without the punctuation model.</source>
        <translation>Диктовка работает, но без модели пунктуации.</translation>
    </message>
    <message>
        <source>Dictation does not work.</source>
        <translation>Диктовка не работает.</translation>
    </message>
    <message>
        <source>loads in {seconds} s</source>
        <translation>загружается за {seconds} с</translation>
    </message>
    <message>
        <source>does not load</source>
        <translation>не загружается</translation>
    </message>
    <message>
        <source>marks and capitals: precision, recall and F1 on written text</source>
        <translation>знаки и заглавные буквы: точность, полнота и F1 на готовом тексте</translation>
    </message>
    <message>
        <source>text with marks: whole sentences on a line; a blank line ends a paragraph</source>
        <translation>текст со знаками: в строке целые предложения, пустая строка завершает абзац</translation>
    </message>
    <message>
        <source>give the model so many sentences at a time (default: {number})</source>
        <translation>сколько предложений давать модели за один раз (по умолчанию {number})</translation>
    </message>
    <message>
        <source>speech: word and character errors, and the time it takes</source>
        <translation>речь: ошибки в словах и буквах и затраченное время</translation>
    </message>
    <message>
        <source>FOLDER|TSV</source>
        <translation>ПАПКА|TSV</translation>
    </message>
    <message>
        <source>folder of NAME.wav with NAME.txt, or a table: path, tab, text</source>
        <translation>папка с файлами ИМЯ.wav и ИМЯ.txt или таблица: путь, табуляция, текст</translation>
    </message>
    <message>
        <source>NAME|PATH</source>
        <translation>ИМЯ|ПУТЬ</translation>
    </message>
    <message>
        <source>an installed model or its folder, in place of the one in the settings</source>
        <translation>установленная модель или её папка вместо той, что указана в настройках</translation>
    </message>
    <message>
        <source>calls</source>
        <translation>вызовов</translation>
    </message>
    <message>
        <source>files</source>
        <translation>файлов</translation>
    </message>
    <message>
        <source>“{value}” is not a whole number from 1 on</source>
        <translation>«{value}» — не целое число от 1</translation>
    </message>
    <message>
        <source>Model: {name}</source>
        <translation>Модель: {name}</translation>
    </message>
    <message>
        <source>All texts</source>
        <translation>Все тексты</translation>
    </message>
    <message>
        <source>Recordings: {files}, {seconds} s</source>
        <translation>Записи: {files}, {seconds} с</translation>
    </message>
    <message>
        <source>WER (words)</source>
        <translation>WER (слова)</translation>
    </message>
    <message>
        <source>CER (characters)</source>
        <translation>CER (символы)</translation>
    </message>
    <message>
        <source>RTF (seconds of decoding a second of sound): {factor}</source>
        <translation>RTF (секунд распознавания на секунду звука): {factor}</translation>
    </message>
    <message>
        <source>Compared without marks and capitals, ё as е, hyphens as spaces. Numbers are not converted: write them as words.</source>
        <translation>Сравнение без знаков и заглавных букв, ё как е, дефис как пробел. Числа не преобразуются: пишите их словами.</translation>
    </message>
    <message>
        <source>{title}: {words} words, {calls} calls</source>
        <translation>{title}: слов {words}, вызовов {calls}</translation>
    </message>
    <message>
        <source>{count} words came back changed</source>
        <translation>Слов, которые модель изменила: {count}</translation>
    </message>
    <message>
        <source>Mark</source>
        <translation>Знак</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Точность</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>Полнота</translation>
    </message>
    <message>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <source>In the text</source>
        <translation>В тексте</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>Поставлено</translation>
    </message>
    <message>
        <source>full stop</source>
        <translation>точка</translation>
    </message>
    <message>
        <source>comma</source>
        <translation>запятая</translation>
    </message>
    <message>
        <source>question mark</source>
        <translation>вопросительный знак</translation>
    </message>
    <message>
        <source>exclamation mark</source>
        <translation>восклицательный знак</translation>
    </message>
    <message>
        <source>colon</source>
        <translation>двоеточие</translation>
    </message>
    <message>
        <source>semicolon</source>
        <translation>точка с запятой</translation>
    </message>
    <message>
        <source>dash</source>
        <translation>тире</translation>
    </message>
    <message>
        <source>ellipsis</source>
        <translation>многоточие</translation>
    </message>
    <message>
        <source>question and exclamation mark</source>
        <translation>вопросительный с восклицательным</translation>
    </message>
    <message>
        <source>first letter capital</source>
        <translation>заглавная первая буква</translation>
    </message>
    <message>
        <source>all letters capital</source>
        <translation>все буквы заглавные</translation>
    </message>
    <message>
        <source>{name}: {percent} % ({errors} of {length}: {wrong} wrong, {missing} left out, {extra} put in)</source>
        <translation>{name}: {percent} % (ошибок {errors} на {length}: замен {wrong}, пропусков {missing}, вставок {extra})</translation>
    </message>
    <message>
        <source>add the terms of a list (.txt, .csv) to yours</source>
        <translation>добавить к вашим термины из списка (.txt, .csv)</translation>
    </message>
    <message>
        <source>say what is wrong with the vocabulary</source>
        <translation>сказать, что не так в словаре</translation>
    </message>
    <message>
        <source>print where your vocabulary is</source>
        <translation>показать, где лежит ваш словарь</translation>
    </message>
    <message>
        <source>copy the bundled terms, to change them</source>
        <translation>скопировать термины из поставки, чтобы изменить их</translation>
    </message>
    <message>
        <source>{count} terms are added.</source>
        <translation>Добавлено терминов: {count}.</translation>
    </message>
    <message>
        <source>{phrases} ways to say a term or snippet, {rules} rules, {problems} problems.</source>
        <translation>Произношений терминов и заготовок: {phrases}, правил: {rules}, замечаний: {problems}.</translation>
    </message>
</context>
<context>
    <name>Details</name>
    <message>
        <source>access is denied</source>
        <translation>нет доступа</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>на диске нет места</translation>
    </message>
    <message>
        <source>the disk quota is used up</source>
        <translation>исчерпана дисковая квота</translation>
    </message>
    <message>
        <source>the disk is read-only</source>
        <translation>диск доступен только для чтения</translation>
    </message>
    <message>
        <source>there is no such file or folder</source>
        <translation>нет такого файла или папки</translation>
    </message>
    <message>
        <source>this is no folder</source>
        <translation>это не папка</translation>
    </message>
    <message>
        <source>this is a folder</source>
        <translation>это папка</translation>
    </message>
    <message>
        <source>the disk reports an error</source>
        <translation>ошибка диска</translation>
    </message>
    <message>
        <source>there is not enough memory</source>
        <translation>не хватает памяти</translation>
    </message>
    <message>
        <source>too many files are open</source>
        <translation>открыто слишком много файлов</translation>
    </message>
    <message>
        <source>another program uses it</source>
        <translation>занято другой программой</translation>
    </message>
    <message>
        <source>the server refuses the connection</source>
        <translation>сервер отклоняет соединение</translation>
    </message>
    <message>
        <source>no answer in time</source>
        <translation>нет ответа вовремя</translation>
    </message>
    <message>
        <source>the model is not loaded</source>
        <translation>модель не загружена</translation>
    </message>
    <message>
        <source>the model is closed</source>
        <translation>модель закрыта</translation>
    </message>
    <message>
        <source>the recogniser is closed</source>
        <translation>распознаватель закрыт</translation>
    </message>
    <message>
        <source>the clipboard did not answer</source>
        <translation>буфер обмена не ответил</translation>
    </message>
    <message>
        <source>another program holds the clipboard</source>
        <translation>буфер обмена занят другой программой</translation>
    </message>
    <message>
        <source>no window has the focus</source>
        <translation>ни одно окно не активно</translation>
    </message>
    <message>
        <source>it did not ask for the text</source>
        <translation>окно не запросило текст</translation>
    </message>
    <message>
        <source>its window does not come to the front</source>
        <translation>окно не удаётся сделать активным</translation>
    </message>
    <message>
        <source>only typed text can be replaced</source>
        <translation>заменить можно только напечатанный текст</translation>
    </message>
    <message>
        <source>something was pressed meanwhile</source>
        <translation>в это время что-то нажали</translation>
    </message>
    <message>
        <source>the text was touched meanwhile</source>
        <translation>текст в это время изменили</translation>
    </message>
    <message>
        <source>no connection to the X server</source>
        <translation>нет связи с X-сервером</translation>
    </message>
    <message>
        <source>the X server does not answer</source>
        <translation>X-сервер не отвечает</translation>
    </message>
    <message>
        <source>the sound system does not answer</source>
        <translation>звуковая система не отвечает</translation>
    </message>
    <message>
        <source>the sound is not 16 kHz, mono, 16 bit</source>
        <translation>звук не 16 кГц, моно, 16 бит</translation>
    </message>
    <message>
        <source>the server compressed what was not to be compressed</source>
        <translation>сервер сжал данные без запроса</translation>
    </message>
    <message>
        <source>the file cannot be opened</source>
        <translation>файл не открывается</translation>
    </message>
    <message>
        <source>the file is read-only</source>
        <translation>файл доступен только для чтения</translation>
    </message>
</context>
<context>
    <name>Library</name>
    <message>
        <source>Add a folder…</source>
        <translation>Добавить папку…</translation>
    </message>
    <message>
        <source>Add an archive…</source>
        <translation>Добавить архив…</translation>
    </message>
    <message>
        <source>Show the folder</source>
        <translation>Показать папку</translation>
    </message>
    <message>
        <source>Folder of a Vosk or RUPunct model</source>
        <translation>Папка модели Vosk или RUPunct</translation>
    </message>
    <message>
        <source>Archive of a Vosk or RUPunct model</source>
        <translation>Архив модели Vosk или RUPunct</translation>
    </message>
    <message>
        <source>Zip archives (*.zip)</source>
        <translation>Архивы zip (*.zip)</translation>
    </message>
    <message>
        <source>Delete {name} from this computer?</source>
        <translation>Удалить {name} с этого компьютера?</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Удалить</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Оставить</translation>
    </message>
    <message>
        <source>Came with VoiceType</source>
        <translation>Из поставки VoiceType</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Удалить…</translation>
    </message>
    <message>
        <source>Get it yourself</source>
        <translation>Где её взять</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>Установить</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Getting ready…</source>
        <translation>Подготовка…</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>Скачивание</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>Проверка</translation>
    </message>
    <message>
        <source>Unpacking</source>
        <translation>Распаковка</translation>
    </message>
    <message>
        <source>{done} of {total} MB</source>
        <translation>{done} из {total} МБ</translation>
    </message>
    <message>
        <source>{rate} MB/s</source>
        <translation>{rate} МБ/с</translation>
    </message>
    <message>
        <source>{count} s left</source>
        <translation>осталось {count} с</translation>
    </message>
    <message>
        <source>{count} min left</source>
        <translation>осталось {count} мин</translation>
    </message>
    <message>
        <source>speech</source>
        <translation>речь</translation>
    </message>
    <message>
        <source>punctuation</source>
        <translation>пунктуация</translation>
    </message>
    <message>
        <source>{size} MB</source>
        <translation>{size} МБ</translation>
    </message>
    <message>
        <source>takes {need} MB of memory</source>
        <translation>занимает {need} МБ памяти</translation>
    </message>
    <message>
        <source>{best} to {worst} % word errors</source>
        <translation>ошибок в словах: {best}–{worst} %</translation>
    </message>
    <message>
        <source>This computer has less memory than that: it may be slow, or not load at all.</source>
        <translation>Столько памяти в этом компьютере нет: модель будет работать медленно или не загрузится.</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>default</source>
        <translation>по умолчанию</translation>
    </message>
    <message>
        <source>The setting “{field}” is unknown. Did you mean “{suggestion}”?</source>
        <translation>Параметр «{field}» неизвестен. Возможно, вы имели в виду «{suggestion}»?</translation>
    </message>
    <message>
        <source>speech model</source>
        <translation>модель речи</translation>
    </message>
    <message>
        <source>punctuation model</source>
        <translation>модель пунктуации</translation>
    </message>
    <message>
        <source>No microphone was found. Connect one and try again.</source>
        <translation>Микрофон не найден. Подключите его и попробуйте ещё раз.</translation>
    </message>
    <message>
        <source>The microphone ({device}) is in use by another program. Close that program or choose another microphone.</source>
        <translation>Микрофон ({device}) занят другой программой. Закройте её или выберите другой микрофон.</translation>
    </message>
    <message>
        <source>The microphone ({device}) does not work. Choose another one in the settings. Details: {detail}</source>
        <translation>Микрофон ({device}) не работает. Выберите другой в настройках. Подробности: {detail}</translation>
    </message>
    <message>
        <source>The microphone ({device}) is not connected. Connect it or choose another one in the settings.</source>
        <translation>Микрофон ({device}) не подключён. Подключите его или выберите другой в настройках.</translation>
    </message>
    <message>
        <source>The microphone ({device}) was disconnected. What you said until then is kept; plug it in again or choose another one, then go on.</source>
        <translation>Микрофон ({device}) отключился. Сказанное до этого сохранено; подключите его снова или выберите другой и продолжайте.</translation>
    </message>
    <message>
        <source>The microphone ({device}) was disconnected. Recording goes on with {next}; what you said before is kept.</source>
        <translation>Микрофон ({device}) отключён. Запись продолжается через {next}; сказанное раньше сохранено.</translation>
    </message>
    <message>
        <source>The microphone ({device}) was away for a moment. Recording goes on with it; what you said before is kept.</source>
        <translation>Микрофон ({device}) ненадолго отключался. Запись продолжается через него же; сказанное раньше сохранено.</translation>
    </message>
    <message>
        <source>There is no signal from the microphone ({device}). Check whether it is muted, or choose another one in the settings.</source>
        <translation>С микрофона ({device}) не поступает звук. Проверьте, не выключен ли он, или выберите другой в настройках.</translation>
    </message>
    <message>
        <source>No words were recognised. Check in the audio settings that the level moves when you speak.</source>
        <translation>Слова не распознаны. Проверьте в настройках звука, что индикатор уровня реагирует на голос.</translation>
    </message>
    <message>
        <source>Cancelled: nothing was inserted. The text is kept, in case you want it after all.</source>
        <translation>Отменено: ничего не вставлено. Текст сохранён на случай, если он всё же понадобится.</translation>
    </message>
    <message>
        <source>The program ended before it could recognise what you said (recordings: {count}, {seconds} s). Recognise it now? The text will be in the clipboard.</source>
        <translation>Программа завершилась раньше, чем распознала сказанное (записей: {count}, {seconds} с). Распознать сейчас? Текст окажется в буфере обмена.</translation>
    </message>
    <message>
        <source>The text may be incomplete, so the recording was kept. Recognise it again? The text will be in the clipboard.</source>
        <translation>Текст может быть неполным, поэтому запись сохранена. Распознать её ещё раз? Текст окажется в буфере обмена.</translation>
    </message>
    <message>
        <source>Model file not found: {path}. Put it there or choose another model in the settings.</source>
        <translation>Файл модели не найден: {path}. Положите его туда или выберите другую модель в настройках.</translation>
    </message>
    <message>
        <source>Model file is empty (0 bytes): {path}. Copy the model again.</source>
        <translation>Файл модели пуст (0 байт): {path}. Скопируйте модель заново.</translation>
    </message>
    <message>
        <source>Model file is not readable (permission denied): {path}. Allow reading it, or copy it anew.</source>
        <translation>Файл модели не читается (нет прав): {path}. Разрешите чтение или скопируйте его заново.</translation>
    </message>
    <message>
        <source>The recogniser cannot open {path}: its name has other than Latin letters, and Windows keeps no short one. Move the models to a folder with a Latin name, on a drive of this computer.</source>
        <translation>Распознаватель не может открыть {path}: в имени не только латинские буквы, а короткого имени у Windows нет. Перенесите модели в папку с латинским именем на диске этого компьютера.</translation>
    </message>
    <message>
        <source>Checksum mismatch! Expected: {expected}, Got: {actual}. {path} is damaged: install it again.</source>
        <translation>Контрольная сумма не совпала! Ожидалось: {expected}, получено: {actual}. Файл {path} повреждён: установите модель заново.</translation>
    </message>
    <message>
        <source>Model &apos;{name}&apos; is not available (status: {status}). Loading failed with: {reason}</source>
        <translation>Модель «{name}» недоступна (состояние: {status}). Причина: {reason}</translation>
    </message>
    <message>
        <source>The model at {path} is damaged. Copy it again or choose another one. Details: {detail}</source>
        <translation>Модель {path} повреждена. Скопируйте её заново или выберите другую. Подробности: {detail}</translation>
    </message>
    <message>
        <source>The models need some {need} MB of memory and {free} MB are free, so everything may become slow. Close other programs, or choose smaller models in the settings.</source>
        <translation>Моделям нужно около {need} МБ памяти, а свободно {free} МБ, поэтому всё может замедлиться. Закройте другие программы или выберите модели поменьше в настройках.</translation>
    </message>
    <message>
        <source>The {name} did not load within {seconds} s. Try again, or allow more time in the model settings.</source>
        <translation>Не загрузилась за {seconds} с: {name}. Попробуйте ещё раз или увеличьте время ожидания в настройках моделей.</translation>
    </message>
    <message>
        <source>The process of the {name} has stopped; the next dictation starts it anew. Details: {detail}</source>
        <translation>Остановился процесс: {name}. Следующая диктовка запустит его снова. Подробности: {detail}</translation>
    </message>
    <message>
        <source>The punctuation model failed, so the text came without it. The next dictation tries again. Details: {detail}</source>
        <translation>Модель пунктуации дала сбой, поэтому текст вставлен без неё. При следующей диктовке она будет запущена снова. Подробности: {detail}</translation>
    </message>
    <message>
        <source>Silero TE needs torch, which VoiceType does not bring along. Run pip install voicetype[silero], put the model&apos;s file at {path}, and try again.</source>
        <translation>Silero TE требует torch, которого нет в поставке VoiceType. Выполните pip install voicetype[silero], положите файл модели сюда: {path} — и попробуйте снова.</translation>
    </message>
    <message>
        <source>The bundled speech model is only a demonstration: it knows few words and synthetic voices. Install a full Vosk model for real work.</source>
        <translation>Прилагаемая модель речи — демонстрационная: она знает мало слов и только синтезированные голоса. Для настоящей работы установите полную модель Vosk.</translation>
    </message>
    <message>
        <source>The list of models {path} cannot be read. Install VoiceType again. Details: {detail}</source>
        <translation>Не удалось прочитать список моделей {path}. Переустановите VoiceType. Подробности: {detail}</translation>
    </message>
    <message>
        <source>The model {name} is installed. The next dictation uses it, unless the model settings name another one.</source>
        <translation>Модель {name} установлена. Следующая диктовка пойдёт с ней, если в настройках не выбрана другая.</translation>
    </message>
    <message>
        <source>There is no model “{name}” in the list. Choose one of these: {known}.</source>
        <translation>Модели «{name}» в списке нет. Выберите одну из этих: {known}.</translation>
    </message>
    <message>
        <source>“{name}” cannot be downloaded ready to use. Make or fetch it yourself (see {homepage}), then run “voicetype models import FOLDER”.</source>
        <translation>Модель «{name}» нельзя скачать готовой. Подготовьте её сами (см. {homepage}), а затем выполните «voicetype models import ПАПКА».</translation>
    </message>
    <message>
        <source>The model “{name}” is not installed: there is no {path}. “voicetype models list” shows what is.</source>
        <translation>Модель «{name}» не установлена: {path} не существует. Что есть, покажет «voicetype models list».</translation>
    </message>
    <message>
        <source>The model “{name}” is damaged or was changed ({files}). Install it again.</source>
        <translation>Модель «{name}» повреждена или изменена ({files}). Установите её заново.</translation>
    </message>
    <message>
        <source>Neither a Vosk model nor a RUPunct model: {path} lacks {missing}.</source>
        <translation>Это не модель Vosk и не модель RUPunct: в {path} не хватает {missing}.</translation>
    </message>
    <message>
        <source>Downloads are forbidden here ({variable} is set). Put the model “{name}” into {folder}, or run “voicetype models import PATH”.</source>
        <translation>Скачивание здесь запрещено (задана переменная {variable}). Положите модель «{name}» в {folder} или выполните «voicetype models import ПУТЬ».</translation>
    </message>
    <message>
        <source>Nothing was installed: {path} holds what no model needs and what may do harm. Details: {detail}</source>
        <translation>Ничего не установлено: в {path} есть то, что моделям не нужно и может навредить. Подробности: {detail}</translation>
    </message>
    <message>
        <source>Another program holds {path}. Quit VoiceType in the tray or wait for the antivirus, then try again. Details: {detail}</source>
        <translation>Другая программа держит {path}. Закройте VoiceType в области уведомлений или дождитесь антивируса и повторите. Подробности: {detail}</translation>
    </message>
    <message>
        <source>“{hotkey}” ({action}) is taken by another program. Choose another combination.</source>
        <translation>Сочетание «{hotkey}» ({action}) занято другой программой. Выберите другое.</translation>
    </message>
    <message>
        <source>“{hotkey}” cannot be for both “{other}” and “{action}”. Choose another combination for one of them.</source>
        <translation>Сочетание «{hotkey}» не может быть сразу и для «{other}», и для «{action}». Выберите для одного из них другое.</translation>
    </message>
    <message>
        <source>No hotkey would start dictation. Set one of the first three.</source>
        <translation>Нет клавиши, которая начинала бы диктовку. Задайте одну из первых трёх.</translation>
    </message>
    <message>
        <source>VoiceType is not running. Start it first.</source>
        <translation>VoiceType не запущен. Сначала запустите его.</translation>
    </message>
    <message>
        <source>The text could not be pasted, and something else was copied meanwhile, so it is not in the clipboard either. Insert it again.</source>
        <translation>Текст не удалось вставить, а тем временем было скопировано что-то другое, поэтому в буфере обмена его тоже нет. Вставьте его ещё раз.</translation>
    </message>
    <message>
        <source>Texts go to the clipboard, since under Wayland a helper has to type them. Install wtype.</source>
        <translation>Тексты попадают в буфер обмена: в сеансе Wayland их вводит вспомогательная программа. Установите wtype.</translation>
    </message>
    <message>
        <source>Texts go to the clipboard, since on this Wayland desktop only ydotool could type them. Install version 1.0 or newer and start its service ydotoold.</source>
        <translation>Тексты попадают в буфер обмена: на этом рабочем столе Wayland их могла бы ввести только программа ydotool. Установите версию 1.0 или новее и запустите её службу ydotoold.</translation>
    </message>
    <message>
        <source>Texts go to the clipboard, since the installed ydotool is too old. Install version 1.0 or newer and start its service ydotoold.</source>
        <translation>Тексты попадают в буфер обмена: установленная ydotool слишком стара. Установите версию 1.0 или новее и запустите её службу ydotoold.</translation>
    </message>
    <message>
        <source>Texts go to the clipboard, since the service of ydotool does not answer. Start ydotoold and give your user access to its socket.</source>
        <translation>Тексты попадают в буфер обмена: служба программы ydotool не отвечает. Запустите ydotoold и дайте своему пользователю доступ к её сокету.</translation>
    </message>
    <message>
        <source>Under Wayland a text reaches the clipboard for sure only through a helper. Install wl-clipboard.</source>
        <translation>В сеансе Wayland текст надёжно попадает в буфер обмена только через вспомогательную программу. Установите wl-clipboard.</translation>
    </message>
    <message>
        <source>The start at sign-in could not be changed. Set it in the system&apos;s own settings. Details: {detail}</source>
        <translation>Не удалось изменить запуск при входе в систему. Его можно настроить в параметрах самой системы. Подробности: {detail}</translation>
    </message>
    <message>
        <source>Terms added to the vocabulary: {count}.</source>
        <translation>Добавлено терминов в словарь: {count}.</translation>
    </message>
    <message>
        <source>There is no file {path}.</source>
        <translation>Нет файла {path}.</translation>
    </message>
    <message>
        <source>The file {path} cannot be read as text. Details: {detail}</source>
        <translation>Файл {path} не читается как текст. Подробности: {detail}</translation>
    </message>
    <message>
        <source>The text of {path} has no words.</source>
        <translation>В тексте {path} нет слов.</translation>
    </message>
    <message>
        <source>The file {path} cannot be read as sound; save it as WAV (PCM). Details: {detail}</source>
        <translation>Файл {path} не читается как звук; сохраните его как WAV (PCM). Подробности: {detail}</translation>
    </message>
    <message>
        <source>Line {line} of {path} is not the path of a sound file, a tab and its text.</source>
        <translation>Строка {line} файла {path} — не путь к звуковому файлу, табуляция и его текст.</translation>
    </message>
    <message>
        <source>There are no recordings in {path}. Give a folder of WAV and TXT files, or a table of paths and texts.</source>
        <translation>В {path} нет записей. Укажите папку с файлами WAV и TXT или таблицу путей и текстов.</translation>
    </message>
    <message>
        <source>“{name}” cannot be a model&apos;s folder name. Give another one with --name.</source>
        <translation>«{name}» не может быть именем папки модели. Задайте другое с помощью --name.</translation>
    </message>
    <message>
        <source>Vocabulary {path}, {entry}: “{key}” is unknown. Did you mean “{suggestion}”?</source>
        <translation>Словарь {path}, {entry}: «{key}» — неизвестное имя. Может быть, «{suggestion}»?</translation>
    </message>
    <message>
        <source>There is no folder and no zip archive {path}. Check the path.</source>
        <translation>Нет ни папки, ни архива zip {path}. Проверьте путь.</translation>
    </message>
    <message>
        <source>The download failed; what has arrived is kept, so try again later. Address: {url}. Details: {detail}</source>
        <translation>Скачать не удалось; уже полученное сохранено, попробуйте позже. Адрес: {url}. Подробности: {detail}</translation>
    </message>
    <message>
        <source>What {url} sent is not the model that is known here and was deleted. Expected: {expected}, got: {actual}.</source>
        <translation>То, что прислал {url}, — не та модель, которая здесь известна; файл удалён. Ожидалось: {expected}, получено: {actual}.</translation>
    </message>
    <message>
        <source>The installation of “{name}” was cancelled. What has arrived is kept for the next time.</source>
        <translation>Установка «{name}» отменена. Уже полученное сохранено до следующего раза.</translation>
    </message>
    <message>
        <source>Another VoiceType is installing models in {path} just now. Wait until it is done.</source>
        <translation>Другой VoiceType сейчас устанавливает модели в {path}. Дождитесь окончания.</translation>
    </message>
    <message>
        <source>There is too little space in {path}: {needed_mb} MB are needed, {free_mb} MB are free.</source>
        <translation>В {path} мало места: нужно {needed_mb} МБ, свободно {free_mb} МБ.</translation>
    </message>
    <message>
        <source>The archive {path} is damaged. Download or copy it again. Details: {detail}</source>
        <translation>Архив {path} повреждён. Скачайте или скопируйте его заново. Подробности: {detail}</translation>
    </message>
    <message>
        <source>It is not possible to write to {path}. Check the folder&apos;s permissions. Details: {detail}</source>
        <translation>Нет возможности записать в {path}. Проверьте права на папку. Подробности: {detail}</translation>
    </message>
    <message>
        <source>“{hotkey}” is not a key combination. Write it like Ctrl+Alt+Space.</source>
        <translation>«{hotkey}» — не сочетание клавиш. Запишите его так: Ctrl+Alt+Space.</translation>
    </message>
    <message>
        <source>“{hotkey}” would get in the way of typing. Add Ctrl, Alt or Win.</source>
        <translation>«{hotkey}» помешает печатать. Добавьте Ctrl, Alt или Win.</translation>
    </message>
    <message>
        <source>The hotkey cannot work here; start dictation from the tray icon. Details: {detail}</source>
        <translation>Горячая клавиша здесь не работает; начинайте диктовку со значка в области уведомлений. Подробности: {detail}</translation>
    </message>
    <message>
        <source>There is no display, so there is no window to type into. Start VoiceType in a desktop session.</source>
        <translation>Нет экрана, а значит, и окна для ввода текста. Запустите VoiceType в графическом сеансе.</translation>
    </message>
    <message>
        <source>A bundled sample is dictated instead, with everything else as usual.</source>
        <translation>Вместо этого будет продиктован прилагаемый образец; всё остальное — как обычно.</translation>
    </message>
    <message>
        <source>This desktop shows no tray icons. VoiceType still works: use the hotkey and this window.</source>
        <translation>Этот рабочий стол не показывает значки программ. VoiceType всё равно работает: пользуйтесь горячей клавишей и этим окном.</translation>
    </message>
    <message>
        <source>VoiceType is already running; it was told to start or stop dictation.</source>
        <translation>VoiceType уже запущен; ему передана команда начать или закончить диктовку.</translation>
    </message>
    <message>
        <source>VoiceType is already running but does not answer. End it in the task manager, then start it anew.</source>
        <translation>VoiceType уже запущен, но не отвечает. Завершите его в диспетчере задач и запустите снова.</translation>
    </message>
    <message>
        <source>The text could not be inserted. It is in the clipboard: paste it where you need it. Details: {detail}</source>
        <translation>Не удалось вставить текст. Он в буфере обмена: вставьте его, куда нужно. Подробности: {detail}</translation>
    </message>
    <message>
        <source>Nothing was taken back: what stands before the cursor may not be what VoiceType wrote. Delete it by hand.</source>
        <translation>Ничего не убрано: перед курсором, возможно, стоит не то, что написал VoiceType. Удалите текст вручную.</translation>
    </message>
    <message>
        <source>The computer could not keep up: {seconds} s of your speech are missing in the text. Choose a smaller model, or keep more speech in the audio settings.</source>
        <translation>Компьютер не успевал: в тексте не хватает {seconds} с речи. Выберите модель поменьше или увеличьте запас речи в настройках звука.</translation>
    </message>
    <message>
        <source>Nothing has been inserted yet that could be repeated.</source>
        <translation>Повторять пока нечего: ещё ничего не вставлено.</translation>
    </message>
    <message>
        <source>You typed or clicked while the text was still growing, so what stood there was left as it was. Check the end of the text.</source>
        <translation>Вы печатали или щёлкали мышью, пока текст ещё рос, поэтому написанное осталось как было. Проверьте конец текста.</translation>
    </message>
    <message>
        <source>The text is in the clipboard: paste it where you need it.</source>
        <translation>Текст в буфере обмена: вставьте его, куда нужно.</translation>
    </message>
    <message>
        <source>Something unexpected went wrong. Try again; if it stays, send the log file. Log: {log}</source>
        <translation>Произошла непредвиденная ошибка. Попробуйте ещё раз; если она повторится, пришлите журнал. Журнал: {log}</translation>
    </message>
    <message>
        <source>VoiceType gets no hotkeys from this Wayland desktop. In its keyboard settings, let a key run the command “{command}”.</source>
        <translation>Этот рабочий стол Wayland не даёт VoiceType горячих клавиш. В его настройках клавиатуры назначьте клавише команду «{command}».</translation>
    </message>
    <message>
        <source>The setting {field} cannot be “{value}”; “{default}” is used. Change it in the settings.</source>
        <translation>Параметр {field} не может быть «{value}»; используется «{default}». Измените его в настройках.</translation>
    </message>
    <message>
        <source>The setting {field} must be text: put {value} in quotes in the settings file.</source>
        <translation>Параметр {field} должен быть текстом: возьмите {value} в кавычки в файле настроек.</translation>
    </message>
    <message>
        <source>The setting “{field}” is unknown and has no effect. Remove it from the settings file.</source>
        <translation>Параметр «{field}» неизвестен и ни на что не влияет. Удалите его из файла настроек.</translation>
    </message>
    <message>
        <source>The settings file {path} could not be read, so the defaults are used. The old file is kept as {backup}.</source>
        <translation>Не удалось прочитать файл настроек {path}, поэтому взяты значения по умолчанию. Прежний файл сохранён как {backup}.</translation>
    </message>
    <message>
        <source>The settings file {path} cannot be read, so the defaults are used. Look at it, or delete it. Details: {detail}</source>
        <translation>Файл настроек {path} не читается, поэтому действуют значения по умолчанию. Проверьте его или удалите. Подробности: {detail}</translation>
    </message>
    <message>
        <source>The settings file {path} is from a newer VoiceType (version {version}). Update the program to change it.</source>
        <translation>Файл настроек {path} создан более новой версией VoiceType (версия {version}). Чтобы его изменять, обновите программу.</translation>
    </message>
    <message>
        <source>The settings could not be saved to {path}. They hold until you quit. Details: {detail}</source>
        <translation>Не удалось сохранить настройки в {path}. Они действуют до выхода из программы. Подробности: {detail}</translation>
    </message>
    <message>
        <source>The voice commands in {path} cannot be read, so the usual ones hold. Correct them. Details: {detail}</source>
        <translation>Голосовые команды из {path} не прочитаны, действуют обычные. Исправьте файл. Подробности: {detail}</translation>
    </message>
    <message>
        <source>The vocabulary {path} cannot be read, so it is not used. Correct it. Details: {detail}</source>
        <translation>Словарь {path} не читается, поэтому не используется. Исправьте его. Подробности: {detail}</translation>
    </message>
    <message>
        <source>The vocabulary {path} is from a newer VoiceType (version {version}). Update the program to change it.</source>
        <translation>Словарь {path} сделан более новой версией VoiceType (версия {version}). Чтобы его менять, обновите программу.</translation>
    </message>
    <message>
        <source>Vocabulary {path}, {entry}: “{key}” is unknown and has no effect. Remove it.</source>
        <translation>Словарь {path}, {entry}: «{key}» — неизвестное имя и ни на что не влияет. Удалите его.</translation>
    </message>
    <message>
        <source>Vocabulary {path}, {entry}: “{key}” cannot be “{value}”. This entry is left out; correct it.</source>
        <translation>Словарь {path}, {entry}: «{key}» не может быть «{value}». Эта запись пропущена, исправьте её.</translation>
    </message>
    <message>
        <source>Vocabulary {path}, {entry}: “{value}” is left out. Give what is said in Russian letters and, where it differs, what to write.</source>
        <translation>Словарь {path}, {entry}: «{value}» пропущено. Укажите русскими буквами, что произносится, и, если пишется иначе, как писать.</translation>
    </message>
    <message>
        <source>Vocabulary {path}, {entry}: the rule “{value}” is not a valid expression and is left out. Details: {detail}</source>
        <translation>Словарь {path}, {entry}: правило «{value}» записано с ошибкой и пропущено. Подробности: {detail}</translation>
    </message>
    <message>
        <source>The rule “{rule}” takes too long or writes too much, so it was not applied. Make it simpler.</source>
        <translation>Правило «{rule}» выполняется слишком долго или пишет слишком много, поэтому не применено. Упростите его.</translation>
    </message>
    <message>
        <source>The vocabulary could not be saved to {path}. Details: {detail}</source>
        <translation>Не удалось сохранить словарь в {path}. Подробности: {detail}</translation>
    </message>
    <message>
        <source>The forms of the vocabulary&apos;s words could not be made, so only the given forms are recognised. Details: {detail}</source>
        <translation>Не удалось построить формы слов словаря, поэтому распознаются только указанные формы. Подробности: {detail}</translation>
    </message>
    <message>
        <source>Your speech cannot be saved to {path} while you speak, so a crash now would lose it. The dictation goes on. Check the folder&apos;s permissions. Details: {detail}</source>
        <translation>Речь не удаётся сохранять в {path} по ходу диктовки, поэтому при сбое она пропадёт. Диктовка продолжается. Проверьте права на папку. Подробности: {detail}</translation>
    </message>
    <message>
        <source>This dictation is too long to be saved on the disk whole (more than {limit_mb} MB), so a crash now would lose its end. It goes on; stop it and begin a new one.</source>
        <translation>Диктовка слишком длинная, чтобы сохранять её на диск целиком (больше {limit_mb} МБ), поэтому при сбое её конец пропадёт. Она продолжается; завершите её и начните новую.</translation>
    </message>
    <message>
        <source>The disk is nearly full ({free_mb} MB free in {path}), so your speech is not saved while you speak and a crash now would lose it. The dictation goes on. Free some space.</source>
        <translation>Диск почти заполнен (свободно {free_mb} МБ в {path}), поэтому речь не сохраняется по ходу диктовки и при сбое пропадёт. Диктовка продолжается. Освободите место.</translation>
    </message>
    <message>
        <source>Another VoiceType uses {path}, so your speech is not saved while you speak and a crash now would lose it. The dictation goes on. Quit the other one.</source>
        <translation>Папку {path} использует другой VoiceType, поэтому речь не сохраняется по ходу диктовки и при сбое пропадёт. Диктовка продолжается. Закройте другой VoiceType.</translation>
    </message>
    <message>
        <source>The speech of {count} interrupted dictations was deleted, since it took too much space. Recognise or delete the rest.</source>
        <translation>Удалена речь прерванных диктовок ({count}): она занимала слишком много места. Распознайте или удалите остальные.</translation>
    </message>
    <message>
        <source>Speech that an interrupted dictation may have left in {path} cannot be read. Check the permissions. Details: {detail}</source>
        <translation>Не удаётся прочитать речь, которая могла остаться в {path} от прерванной диктовки. Проверьте права доступа. Подробности: {detail}</translation>
    </message>
    <message>
        <source>The speech in {path} could not be deleted. Delete the file yourself. Details: {detail}</source>
        <translation>Не удалось удалить речь в {path}. Удалите файл вручную. Подробности: {detail}</translation>
    </message>
    <message>
        <source>The recording could not be put into {path}. Check the folder&apos;s permissions. Details: {detail}</source>
        <translation>Не удалось поместить запись в {path}. Проверьте права на папку. Подробности: {detail}</translation>
    </message>
    <message>
        <source>The history {path} cannot be used, so texts are not kept there. Dictation works without it. Check the file&apos;s permissions. Details: {detail}</source>
        <translation>Историю {path} не удаётся использовать, поэтому тексты в ней не сохраняются. Диктовка работает и без неё. Проверьте права на файл. Подробности: {detail}</translation>
    </message>
    <message>
        <source>The history {path} is damaged, so a new one begins. The old file is kept as {backup}.</source>
        <translation>История {path} повреждена, поэтому начата новая. Старый файл сохранён как {backup}.</translation>
    </message>
    <message>
        <source>The history {path} is from a newer VoiceType (version {version}), so texts are not kept there. Update the program.</source>
        <translation>История {path} создана более новой версией VoiceType (версия {version}), поэтому тексты в ней не сохраняются. Обновите программу.</translation>
    </message>
    <message>
        <source>No window has the focus. The text is in the clipboard: paste it where you need it.</source>
        <translation>Ни одно окно не активно. Текст в буфере обмена: вставьте его там, где нужно.</translation>
    </message>
    <message>
        <source>The window of “{app}” in which the dictation began is closed. The text is in the clipboard: paste it where you need it.</source>
        <translation>Окно программы «{app}», в котором началась диктовка, закрыто. Текст в буфере обмена: вставьте его там, где нужно.</translation>
    </message>
    <message>
        <source>“{app}” asks for a password, so nothing was typed there. The text is in the clipboard: paste it where you need it.</source>
        <translation>«{app}» запрашивает пароль, поэтому туда ничего не введено. Текст в буфере обмена: вставьте его там, где нужно.</translation>
    </message>
    <message>
        <source>The dictation began in a window of VoiceType, where nothing is typed. The text is in the clipboard: paste it where you need it.</source>
        <translation>Диктовка началась в окне VoiceType, куда текст не вводится. Текст в буфере обмена: вставьте его там, где нужно.</translation>
    </message>
    <message>
        <source>“{app}” runs as administrator and takes no keys from VoiceType. The text is in the clipboard: paste it there, or start VoiceType as administrator too.</source>
        <translation>«{app}» работает от имени администратора и не принимает ввод от VoiceType. Текст в буфере обмена: вставьте его сами или запустите VoiceType тоже от имени администратора.</translation>
    </message>
    <message>
        <source>Another program has taken the keyboard: a password prompt, a menu or a locked screen. Nothing was typed; the text is in the clipboard.</source>
        <translation>Клавиатуру захватила другая программа: запрос пароля, меню или заблокированный экран. Ничего не введено; текст в буфере обмена.</translation>
    </message>
    <message>
        <source>The text for “{app}” waits, because another window has the focus. Go where you need it and choose “Insert the last text again”.</source>
        <translation>Текст для «{app}» ждёт, потому что активно другое окно. Перейдите туда, где он нужен, и выберите «Вставить последний текст ещё раз».</translation>
    </message>
    <message>
        <source>The focus moved while the text was being typed, so the rest was not. It is in the clipboard; “Insert the last text again” in the same window types it, too.</source>
        <translation>Во время ввода стало активным другое окно, поэтому остаток не введён. Он в буфере обмена; «Вставить последний текст ещё раз» в том же окне тоже его введёт.</translation>
    </message>
    <message>
        <source>In “{app}” a growing text could not be corrected exactly, so it comes at the end.</source>
        <translation>В программе «{app}» растущий текст нельзя точно исправлять, поэтому он появится в конце.</translation>
    </message>
</context>
<context>
    <name>Meter</name>
    <message>
        <source>Level of the microphone</source>
        <translation>Уровень микрофона</translation>
    </message>
    <message>
        <source>The sound is clipped: too loud</source>
        <translation>Слишком громко: звук искажается</translation>
    </message>
    <message>
        <source>{level} dBFS, peak {peak} dBFS</source>
        <translation>{level} дБFS, пик {peak} дБFS</translation>
    </message>
</context>
<context>
    <name>MicrophoneTest</name>
    <message>
        <source>Test the microphone</source>
        <translation>Проверить микрофон</translation>
    </message>
    <message>
        <source>Speak now: a sentence or two, as you will dictate…</source>
        <translation>Говорите: одно-два предложения, как при диктовке…</translation>
    </message>
    <message>
        <source>No signal: the microphone is muted, switched off or forbidden for programs. Check its switch and the privacy settings of the system.</source>
        <translation>Нет сигнала: микрофон заглушён, выключен или запрещён программам. Проверьте его выключатель и настройки конфиденциальности системы.</translation>
    </message>
    <message>
        <source>Only noise was heard, no speech. Check that the right microphone is chosen.</source>
        <translation>Слышен только шум, речи нет. Проверьте, тот ли микрофон выбран.</translation>
    </message>
    <message>
        <source>Too quiet. Come nearer or raise the microphone&apos;s level in the sound settings.</source>
        <translation>Слишком тихо. Говорите ближе или поднимите уровень микрофона в настройках звука.</translation>
    </message>
    <message>
        <source>The speech hardly stands out from the noise. Come nearer to the microphone.</source>
        <translation>Речь едва выделяется из шума. Говорите ближе к микрофону.</translation>
    </message>
    <message>
        <source>Good: the speech is clear.</source>
        <translation>Хорошо: речь слышна ясно.</translation>
    </message>
    <message>
        <source>Too loud: the sound is clipped. Lower the microphone&apos;s level in the sound settings or move away.</source>
        <translation>Слишком громко: звук искажается. Уменьшите уровень микрофона в настройках звука или отодвиньтесь.</translation>
    </message>
    <message>
        <source>Noise {noise} dBFS, peak {peak} dBFS</source>
        <translation>Шум {noise} дБFS, пик {peak} дБFS</translation>
    </message>
    <message>
        <source>Speech {speech} dBFS, noise {noise} dBFS, peak {peak} dBFS</source>
        <translation>Речь {speech} дБFS, шум {noise} дБFS, пик {peak} дБFS</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Close</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Insert here</source>
        <translation>Вставить сюда</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Скопировать</translation>
    </message>
    <message>
        <source>Recognise</source>
        <translation>Распознать</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Удалить</translation>
    </message>
</context>
<context>
    <name>Overlay</name>
    <message>
        <source>Done</source>
        <translation>Готово</translation>
    </message>
    <message>
        <source>models are loading</source>
        <translation>модели загружаются</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>двадцать пятого июня создай пул реквест за сто рублей</source>
        <translation>двадцать пятого июня создай пул реквест за сто рублей</translation>
    </message>
    <message>
        <source>Try it: words as you say them, a line for each phrase</source>
        <translation>Попробуйте: слова, как вы их говорите, по фразе в строке</translation>
    </message>
    <message>
        <source>The text</source>
        <translation>Текст</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>The best one installed</source>
        <translation>Лучшая из установленных</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Папка…</translation>
    </message>
    <message>
        <source>Folder of the model</source>
        <translation>Папка с моделью</translation>
    </message>
    <message>
        <source>The system&apos;s default</source>
        <translation>Системный микрофон</translation>
    </message>
    <message>
        <source>{value} (not connected)</source>
        <translation>{value} (не подключён)</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>Обновить</translation>
    </message>
    <message>
        <source>Look for microphones again</source>
        <translation>Найти микрофоны заново</translation>
    </message>
    <message>
        <source>Main</source>
        <translation>Главная</translation>
    </message>
    <message>
        <source>Hotkeys</source>
        <translation>Горячие клавиши</translation>
    </message>
    <message>
        <source>Audio</source>
        <translation>Звук</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Распознавание</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Текст</translation>
    </message>
    <message>
        <source>History</source>
        <translation>История</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Модели</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Библиотека</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Язык</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Как в системе</translation>
    </message>
    <message>
        <source>Show level and live text while dictating</source>
        <translation>Показывать уровень и текст во время диктовки</translation>
    </message>
    <message>
        <source>Start and stop dictation</source>
        <translation>Начать и закончить диктовку</translation>
    </message>
    <message>
        <source>Push to talk</source>
        <translation>Говорить, пока нажато</translation>
    </message>
    <message>
        <source>Hold or tap</source>
        <translation>Удержать или нажать</translation>
    </message>
    <message>
        <source>Cancel dictation</source>
        <translation>Отменить диктовку</translation>
    </message>
    <message>
        <source>Insert the last text again</source>
        <translation>Вставить последний текст ещё раз</translation>
    </message>
    <message>
        <source>Undo the last insertion</source>
        <translation>Отменить последнюю вставку</translation>
    </message>
    <message>
        <source>Copy the last text</source>
        <translation>Скопировать последний текст</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Микрофон</translation>
    </message>
    <message>
        <source>Listen on after stop</source>
        <translation>Слушать после остановки</translation>
    </message>
    <message>
        <source>So that the last syllable is heard.</source>
        <translation>Чтобы не потерялся последний слог.</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>мс</translation>
    </message>
    <message>
        <source>Click a field and press the combination or mouse button, or type it, for example Ctrl+Alt+Space. Empty: none.</source>
        <translation>Щёлкните поле и нажмите сочетание или кнопку мыши либо введите его, например Ctrl+Alt+Space. Пусто: нет.</translation>
    </message>
    <message>
        <source>Dictation lasts as long as it is held.</source>
        <translation>Диктовка длится, пока клавиша нажата.</translation>
    </message>
    <message>
        <source>Held, it is push-to-talk; a tap starts, the next press stops.</source>
        <translation>Удерживать — диктовка, пока нажато; короткое нажатие начинает её, следующее заканчивает.</translation>
    </message>
    <message>
        <source>Other programs get it whenever nobody dictates.</source>
        <translation>Вне диктовки клавиша достаётся другим программам.</translation>
    </message>
    <message>
        <source>A hold lasts at least</source>
        <translation>Удержание длится не меньше</translation>
    </message>
    <message>
        <source>Listen from before the start</source>
        <translation>Слушать до начала</translation>
    </message>
    <message>
        <source>So that the first word is whole though you speak before you press. The microphone then stays open all the time; what it hears between dictations stays in memory for so long and is forgotten.</source>
        <translation>Чтобы первое слово было целым, даже если речь началась раньше нажатия. Микрофон при этом открыт постоянно; услышанное между диктовками хранится в памяти столько и забывается.</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Выключено</translation>
    </message>
    <message>
        <source>Keep speech up to</source>
        <translation>Запас речи</translation>
    </message>
    <message>
        <source>What you say while the models load waits in memory.</source>
        <translation>То, что вы говорите, пока модели загружаются, ждёт в памяти.</translation>
    </message>
    <message>
        <source>s</source>
        <translation>с</translation>
    </message>
    <message>
        <source>Stop by itself after silence of</source>
        <translation>Останавливать после тишины</translation>
    </message>
    <message>
        <source>Before the first word it waits for 5 s at least.</source>
        <translation>До первого слова ждёт не меньше 5 с.</translation>
    </message>
    <message>
        <source>Sounds for start, stop and errors</source>
        <translation>Звуки начала, остановки и ошибок</translation>
    </message>
    <message>
        <source>Volume of the sounds</source>
        <translation>Громкость звуков</translation>
    </message>
    <message>
        <source>Set punctuation marks and capitals</source>
        <translation>Расставлять знаки препинания и заглавные буквы</translation>
    </message>
    <message>
        <source>Without it, only a capital at the start and a full stop at the end.</source>
        <translation>Иначе только заглавная буква в начале и точка в конце.</translation>
    </message>
    <message>
        <source>Insert the text by</source>
        <translation>Вставлять текст</translation>
    </message>
    <message>
        <source>Pasting puts the clipboard back as it was.</source>
        <translation>После вставки буфер обмена возвращается в прежнее состояние.</translation>
    </message>
    <message>
        <source>Typing</source>
        <translation>Набором с клавиатуры</translation>
    </message>
    <message>
        <source>Pasting</source>
        <translation>Через буфер обмена</translation>
    </message>
    <message>
        <source>Copying to the clipboard only</source>
        <translation>Только копировать в буфер обмена</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Когда</translation>
    </message>
    <message>
        <source>What is inserted earlier may still be corrected; that needs typing.</source>
        <translation>Вставленное раньше ещё может исправляться; для этого нужен набор.</translation>
    </message>
    <message>
        <source>At the end of the dictation</source>
        <translation>В конце диктовки</translation>
    </message>
    <message>
        <source>After each pause</source>
        <translation>После каждой паузы</translation>
    </message>
    <message>
        <source>While you speak</source>
        <translation>Пока вы говорите</translation>
    </message>
    <message>
        <source>If another window has the focus by then</source>
        <translation>Если к тому времени активно другое окно</translation>
    </message>
    <message>
        <source>The text belongs to the window in which the dictation began.</source>
        <translation>Текст принадлежит окну, в котором началась диктовка.</translation>
    </message>
    <message>
        <source>Go back, insert and return</source>
        <translation>Вернуться, вставить и уйти обратно</translation>
    </message>
    <message>
        <source>Keep the text until it is asked for</source>
        <translation>Хранить текст, пока его не попросят</translation>
    </message>
    <message>
        <source>Programs that get the text at the end only</source>
        <translation>Программы, где текст появляется только в конце</translation>
    </message>
    <message>
        <source>Names with commas. Remote desktops, virtual machines and games are known.</source>
        <translation>Названия через запятую. Удалённые рабочие столы, виртуальные машины и игры уже известны.</translation>
    </message>
    <message>
        <source>Add a space after the text</source>
        <translation>Добавлять пробел после текста</translation>
    </message>
    <message>
        <source>The next dictation then goes on properly.</source>
        <translation>Тогда следующая диктовка не прилипнет к предыдущей.</translation>
    </message>
    <message>
        <source>Voice commands</source>
        <translation>Голосовые команды</translation>
    </message>
    <message>
        <source>“Comma”, “new paragraph”, “delete last word” and more; “literally comma” is the word.</source>
        <translation>«Запятая», «новый абзац», «удали слово» и другие; «слово запятая» — само слово.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Не слушать</translation>
    </message>
    <message>
        <source>Between two pauses</source>
        <translation>Между двумя паузами</translation>
    </message>
    <message>
        <source>Behind a word of their own</source>
        <translation>После особого слова</translation>
    </message>
    <message>
        <source>Anywhere</source>
        <translation>Везде</translation>
    </message>
    <message>
        <source>The word before a command</source>
        <translation>Слово перед командой</translation>
    </message>
    <message>
        <source>Keep what was dictated</source>
        <translation>Сохранять надиктованное</translation>
    </message>
    <message>
        <source>So that no text is lost. It stays on this computer, where only you can read it.</source>
        <translation>Чтобы ни один текст не пропал. Он остаётся на этом компьютере, и прочитать его можете только вы.</translation>
    </message>
    <message>
        <source>Delete after</source>
        <translation>Удалять через</translation>
    </message>
    <message>
        <source>Texts and recordings; 0 keeps them for ever.</source>
        <translation>Тексты и записи; 0 — хранить всегда.</translation>
    </message>
    <message>
        <source>days</source>
        <translation>дн.</translation>
    </message>
    <message>
        <source>Keep the sound too</source>
        <translation>Сохранять и звук</translation>
    </message>
    <message>
        <source>115 MB an hour; otherwise it is deleted as soon as its text is there.</source>
        <translation>115 МБ в час; иначе он удаляется, как только готов текст.</translation>
    </message>
    <message>
        <source>Write numbers, dates and money in digits</source>
        <translation>Писать числа, даты и деньги цифрами</translation>
    </message>
    <message>
        <source>Single numbers from</source>
        <translation>Отдельные числа — цифрами от</translation>
    </message>
    <message>
        <source>Smaller ones stay words where nothing is measured or counted.</source>
        <translation>Меньшие остаются словами там, где ничего не измеряют и не считают.</translation>
    </message>
    <message>
        <source>Money</source>
        <translation>Деньги</translation>
    </message>
    <message>
        <source>Group the digits of large numbers</source>
        <translation>Разделять разряды больших чисел</translation>
    </message>
    <message>
        <source>Roman numerals for centuries</source>
        <translation>Века римскими цифрами</translation>
    </message>
    <message>
        <source>Write terms and snippets as the vocabulary says</source>
        <translation>Писать термины и заготовки по словарю</translation>
    </message>
    <message>
        <source>Yours are in vocabulary.yaml in the folder of the settings.</source>
        <translation>Ваши — в файле vocabulary.yaml в папке настроек.</translation>
    </message>
    <message>
        <source>Recognise terms that were heard nearly right</source>
        <translation>Узнавать термины, услышанные не совсем точно</translation>
    </message>
    <message>
        <source>Quotes and dashes</source>
        <translation>Кавычки и тире</translation>
    </message>
    <message>
        <source>Typographic: «», —</source>
        <translation>Типографские: «», —</translation>
    </message>
    <message>
        <source>Plain, for terminals and code</source>
        <translation>Простые, для терминала и кода</translation>
    </message>
    <message>
        <source>No-break spaces before dashes, units and after short words</source>
        <translation>Неразрывные пробелы перед тире и единицами и после коротких слов</translation>
    </message>
    <message>
        <source>Write ё where it belongs</source>
        <translation>Писать букву ё</translation>
    </message>
    <message>
        <source>No full stop up to</source>
        <translation>Без точки до</translation>
    </message>
    <message>
        <source>For search fields and chats: a text of one line.</source>
        <translation>Для строк поиска и чатов: текст в одну строку.</translation>
    </message>
    <message>
        <source>words</source>
        <translation>сл.</translation>
    </message>
    <message>
        <source>Always a full stop</source>
        <translation>Точка всегда</translation>
    </message>
    <message>
        <source>Speech model</source>
        <translation>Модель речи</translation>
    </message>
    <message>
        <source>Punctuation model</source>
        <translation>Модель пунктуации</translation>
    </message>
    <message>
        <source>Punctuation engine</source>
        <translation>Пунктуация</translation>
    </message>
    <message>
        <source>Switched off</source>
        <translation>Отключена</translation>
    </message>
    <message>
        <source>Compute the punctuation on</source>
        <translation>Где вычислять пунктуацию</translation>
    </message>
    <message>
        <source>A device that fails is replaced by the processor.</source>
        <translation>Если устройство не справится, работу возьмёт процессор.</translation>
    </message>
    <message>
        <source>The best device</source>
        <translation>На лучшем устройстве</translation>
    </message>
    <message>
        <source>The processor</source>
        <translation>На процессоре</translation>
    </message>
    <message>
        <source>The graphics card (DirectML)</source>
        <translation>На видеокарте (DirectML)</translation>
    </message>
    <message>
        <source>Load the models at the first dictation</source>
        <translation>Загружать модели при первой диктовке</translation>
    </message>
    <message>
        <source>Otherwise they load right after the program starts.</source>
        <translation>Иначе они загружаются сразу после запуска программы.</translation>
    </message>
    <message>
        <source>Load right after the start</source>
        <translation>Загружать сразу после запуска</translation>
    </message>
    <message>
        <source>If the models do not wait for the first dictation.</source>
        <translation>Если модели не ждут первой диктовки.</translation>
    </message>
    <message>
        <source>Speech and punctuation</source>
        <translation>Речь и пунктуацию</translation>
    </message>
    <message>
        <source>Speech only</source>
        <translation>Только речь</translation>
    </message>
    <message>
        <source>Free the memory after</source>
        <translation>Освобождать память через</translation>
    </message>
    <message>
        <source>Counted from the last dictation; 0 keeps the models in memory.</source>
        <translation>Считая от последней диктовки; 0 — держать модели в памяти.</translation>
    </message>
    <message>
        <source>min</source>
        <translation>мин</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Никогда</translation>
    </message>
    <message>
        <source>Choose that time by the machine&apos;s memory</source>
        <translation>Выбирать это время по объёму памяти компьютера</translation>
    </message>
    <message>
        <source>2 minutes below 6 GB, 10 below 12, 30 below 24, else 120.</source>
        <translation>2 минуты, если памяти меньше 6 ГБ, 10 — меньше 12, 30 — меньше 24, иначе 120.</translation>
    </message>
    <message>
        <source>Free it also when the machine&apos;s memory fills up</source>
        <translation>Освобождать и при нехватке памяти в системе</translation>
    </message>
    <message>
        <source>Never while you dictate.</source>
        <translation>Но никогда во время диктовки.</translation>
    </message>
    <message>
        <source>From how full a memory on</source>
        <translation>При заполнении памяти от</translation>
    </message>
    <message>
        <source>Give up loading after</source>
        <translation>Ждать загрузки не дольше</translation>
    </message>
    <message>
        <source>VoiceType: settings</source>
        <translation>VoiceType: настройки</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Уровень</translation>
    </message>
    <message>
        <source>Open the folder of recordings</source>
        <translation>Открыть папку записей</translation>
    </message>
    <message>
        <source>Start at sign-in</source>
        <translation>Запускать при входе в систему</translation>
    </message>
    <message>
        <source>It is switched off in the system&apos;s list of startup programs. A tick switches it on.</source>
        <translation>Запуск отключён в системном списке автозагрузки. Галочка включит его снова.</translation>
    </message>
</context>
<context>
    <name>State</name>
    <message>
        <source>Opening the microphone…</source>
        <translation>Включается микрофон…</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Слушаю</translation>
    </message>
    <message>
        <source>Loading the models…</source>
        <translation>Загрузка моделей…</translation>
    </message>
    <message>
        <source>Finishing the text…</source>
        <translation>Завершаю текст…</translation>
    </message>
    <message>
        <source>Ready to dictate</source>
        <translation>Готов к диктовке</translation>
    </message>
    <message>
        <source>Loading, {percent} %</source>
        <translation>Загрузка, {percent} %</translation>
    </message>
    <message>
        <source>Not in memory</source>
        <translation>Не в памяти</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Готова</translation>
    </message>
    <message>
        <source>Leaving memory…</source>
        <translation>Выгружается…</translation>
    </message>
    <message>
        <source>Could not be loaded</source>
        <translation>Не удалось загрузить</translation>
    </message>
    <message>
        <source>Switched off</source>
        <translation>Отключена</translation>
    </message>
    <message>
        <source>Basic: a capital at the start, a full stop at the end</source>
        <translation>Простая: заглавная в начале, точка в конце</translation>
    </message>
    <message>
        <source>Runs on the processor, since {device} failed: {reason}</source>
        <translation>Работает на процессоре: {device} не подошёл ({reason})</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>The text appears at the cursor, in any program.</source>
        <translation>Текст появится у курсора в любой программе.</translation>
    </message>
    <message>
        <source>Speech</source>
        <translation>Речь</translation>
    </message>
    <message>
        <source>Punctuation</source>
        <translation>Пунктуация</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Нагрузка</translation>
    </message>
    <message>
        <source>Hold {hotkey} and speak</source>
        <translation>Удерживайте {hotkey} и говорите</translation>
    </message>
    <message>
        <source>Press {hotkey}, speak, press it again</source>
        <translation>Нажмите {hotkey}, говорите, нажмите ещё раз</translation>
    </message>
    <message>
        <source>Start dictation from the tray icon</source>
        <translation>Начните диктовку со значка в области уведомлений</translation>
    </message>
    <message>
        <source>CPU {cpu} %, memory {rss} MB (of the machine&apos;s {total} GB, {used} GB are in use)</source>
        <translation>Процессор {cpu} %, память {rss} МБ (на компьютере занято {used} из {total} ГБ)</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>The speech model could not be loaded</source>
        <translation>Не удалось загрузить модель речи</translation>
    </message>
    <message>
        <source>{hotkey} starts dictation</source>
        <translation>{hotkey} — начать диктовку</translation>
    </message>
    <message>
        <source>{hotkey} stops dictation</source>
        <translation>{hotkey} — закончить диктовку</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Настройки…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Выход</translation>
    </message>
    <message>
        <source>Recognise what was kept ({count})</source>
        <translation>Распознать сохранённое ({count})</translation>
    </message>
    <message>
        <source>Insert the last text again</source>
        <translation>Вставить последний текст ещё раз</translation>
    </message>
    <message>
        <source>Undo the last insertion</source>
        <translation>Отменить последнюю вставку</translation>
    </message>
    <message>
        <source>Copy the last text</source>
        <translation>Скопировать последний текст</translation>
    </message>
    <message>
        <source>Hold {hotkey} to dictate</source>
        <translation>{hotkey} — удерживать для диктовки</translation>
    </message>
    <message>
        <source>Let go of {hotkey} to stop</source>
        <translation>{hotkey} — отпустить, чтобы закончить</translation>
    </message>
    <message>
        <source>Stop dictation</source>
        <translation>Закончить диктовку</translation>
    </message>
    <message>
        <source>Start dictation</source>
        <translation>Начать диктовку</translation>
    </message>
    <message>
        <source>Demonstration model, not for real work</source>
        <translation>Демонстрационная модель, не для настоящей работы</translation>
    </message>
</context>
<context>
    <name>Vocabulary</name>
    <message>
        <source>Edit the vocabulary</source>
        <translation>Открыть словарь</translation>
    </message>
    <message>
        <source>Add a list of terms…</source>
        <translation>Добавить список терминов…</translation>
    </message>
    <message>
        <source>List of terms</source>
        <translation>Список терминов</translation>
    </message>
    <message>
        <source>Lists (*.txt *.csv *.tsv)</source>
        <translation>Списки (*.txt *.csv *.tsv)</translation>
    </message>
</context>
</TS>
