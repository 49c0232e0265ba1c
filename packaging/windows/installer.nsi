; The installer of VoiceType: for one user, without administrator's rights, in Russian and English.
;   makensis -DAPP=folder -DVERSION=1.2.3 -DVERSION4=1.2.3.0 -DSIZE_KB=1 -DOUTPUT=file.exe [-DICON=x.ico]
;   [-DPICTURE=x.bmp] [-DSIGN=command] [-DTARGET=x86-unicode] [-DQUICK]
;
; Switches, besides NSIS' own /S (silent) and /D=folder (last, without quotes):
;   /AUTOSTART=1 or 0   start VoiceType at sign-in or not; without it what was chosen before stays, at first it is off
;   /DESKTOP=1 or 0     likewise a shortcut on the desktop
;   /RUN=1 or 0         start VoiceType at the end of a silent installation; without it only if it ran before
;                       and it runs again too when the installation is refused
;   uninstall.exe /S /REMOVEDATA=1   removes settings, history and models too
; Exit codes: 0 done, 1 cancelled, 2 failed, 3 files in use (their names are in %TEMP%\VoiceType-setup.log).

Unicode true
; Debian's NSIS makes 64-bit installers, which wine can run; the one for Windows only 32-bit ones.
!ifndef TARGET
  !define TARGET amd64-unicode
!endif
Target ${TARGET}
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include Win\COM.nsh
!include Win\Propkey.nsh
!include WinVer.nsh
!include x64.nsh

!define NAME "VoiceType"
!define PROGRAM "${NAME}.exe"
; The program calls itself so too (voicetype/system/windows_identity.py).
!define APP_ID "${NAME}"
!define SETTINGS_KEY "Software\${NAME}"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
; Where the task manager keeps what it has switched off.
!define APPROVED_KEY "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
!define SET_ASIDE "$INSTDIR\.previous"
!define FILES_IN_USE 3
!define SPACE_NEEDED 1023
!define QUIT_TRIES 30
!define QUIT_PAUSE_MS 500

Name "${NAME}"
BrandingText "${NAME} ${VERSION}"
OutFile "${OUTPUT}"
RequestExecutionLevel user
ManifestDPIAware true
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${SETTINGS_KEY}" "InstallDir"
; A file that cannot be written ends the installation; the previous version is put back then.
AllowSkipFiles off
!ifdef QUICK
  SetCompress off
!else
  SetCompressor /SOLID /FINAL lzma
  SetCompressorDictSize 64
!endif

VIProductVersion "${VERSION4}"
VIAddVersionKey /LANG=0 "ProductName" "${NAME}"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileDescription" "${NAME}"
VIAddVersionKey /LANG=0 "CompanyName" "${NAME}"
VIAddVersionKey /LANG=0 "LegalCopyright" "${NAME}, MIT"

!ifdef ICON
  !define MUI_ICON "${ICON}"
  !define MUI_UNICON "${ICON}"
!endif
!ifdef PICTURE
  !define MUI_WELCOMEFINISHPAGE_BITMAP "${PICTURE}"
!endif
!ifdef SIGN
  !uninstfinalize '${SIGN} "%1"'
!endif
!define MUI_ABORTWARNING
!define MUI_COMPONENTSPAGE_SMALLDESC
!define MUI_WELCOMEPAGE_TEXT "$(WELCOME)"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_TEXT "$(FINISHED)"
!define MUI_FINISHPAGE_RUN "$INSTDIR\${PROGRAM}"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!define MUI_COMPONENTSPAGE_TEXT_TOP "$(DATA_STAY)"
!define MUI_PAGE_CUSTOMFUNCTION_SHOW un.HideSpaceNeeded
!insertmacro MUI_UNPAGE_COMPONENTS
!insertmacro MUI_UNPAGE_INSTFILES
; The first one is for those whose Windows speaks neither, as in the program.
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Russian"
!include "texts.nsh"

Var Held
Var HeldCount
Var WasRunning
Var IsSetAside
Var IsNew

; A library that is loaded, or a program that runs, cannot be opened for writing.
!macro HELD_FILES un
Function ${un}CollectHeld
  ${If} $R9 == ""
    ; A new folder; Locate would show its name in English if nobody wanted to hear of it.
    Push ""
    Return
  ${EndIf}
  ClearErrors
  FileOpen $R0 "$R9" a
  ${If} ${Errors}
    IntOp $HeldCount $HeldCount + 1
    ${If} $HeldCount <= 8
      StrCpy $Held "$Held$R9$\r$\n"
    ${EndIf}
  ${Else}
    FileClose $R0
  ${EndIf}
  Push ""
FunctionEnd

Function ${un}FindHeld
  StrCpy $Held ""
  StrCpy $HeldCount 0
  ${If} ${FileExists} "$INSTDIR\${PROGRAM}"
    StrCpy $R9 "$INSTDIR\${PROGRAM}"
    Call ${un}CollectHeld
    Pop $R0
    ${${un}Locate} "$INSTDIR\_internal" "/L=F /M=*.dll /B=1" ${un}CollectHeld
    ${${un}Locate} "$INSTDIR\_internal" "/L=F /M=*.pyd /B=1" ${un}CollectHeld
  ${EndIf}
FunctionEnd

Function ${un}RefuseHeld
  FileOpen $R0 "$TEMP\${NAME}-setup.log" w
  FileWriteUTF16LE /BOM $R0 "$Held"
  FileClose $R0
  SetErrorLevel ${FILES_IN_USE}
  ${If} $WasRunning == 1
    Exec '"$INSTDIR\${PROGRAM}"'
  ${EndIf}
  DetailPrint "$TEMP\${NAME}-setup.log"
  Abort "$(REFUSED)"
FunctionEnd

Function ${un}QuitRunning
  StrCpy $WasRunning 0
  again:
  Call ${un}FindHeld
  ${If} $HeldCount == 0
    Return
  ${EndIf}
  DetailPrint "$(QUITTING)"
  SetDetailsPrint none
  ExecWait '"$INSTDIR\${PROGRAM}" --quit' $R1
  SetDetailsPrint both
  ${If} $R1 == 0
    StrCpy $WasRunning 1
  ${EndIf}
  StrCpy $R1 0
  ${DoWhile} $R1 < ${QUIT_TRIES}
    Call ${un}FindHeld
    ${If} $HeldCount == 0
      Return
    ${EndIf}
    Sleep ${QUIT_PAUSE_MS}
    IntOp $R1 $R1 + 1
  ${Loop}
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(IN_USE)$\r$\n$\r$\n$Held$\r$\n$(CLOSE_THEM)" /SD IDCANCEL IDRETRY again
  Call ${un}RefuseHeld
FunctionEnd
!macroend
!insertmacro HELD_FILES ""
!insertmacro HELD_FILES "un."

; For a file of any kind, which keeps its folder from being renamed.
Function FindAllHeld
  StrCpy $Held ""
  StrCpy $HeldCount 0
  ${Locate} "$INSTDIR" "/L=F /B=1" CollectHeld
FunctionEnd

Function .onInit
  ${IfNot} ${AtLeastWin10}
  ${OrIfNot} ${RunningX64}
    MessageBox MB_OK|MB_ICONSTOP "$(OLD_WINDOWS)" /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
  Call ReadSwitches
FunctionEnd

; Nothing but what was installed, since the folder may be one that holds the user's own files.
!macro REMOVE_PROGRAM
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "${SET_ASIDE}"
  Delete "$INSTDIR\${PROGRAM}"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\THIRD-PARTY.txt"
  Delete "$INSTDIR\sbom.cdx.json"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
!macroend

; After a power cut in the middle of an installation the version before it is the only whole one.
Function TakeBackInterrupted
  ${IfNot} ${FileExists} "${SET_ASIDE}\_internal\*.*"
    Return
  ${EndIf}
  ${If} ${FileExists} "${SET_ASIDE}\${PROGRAM}"
    RMDir /r "$INSTDIR\_internal"
    Delete "$INSTDIR\${PROGRAM}"
    Rename "${SET_ASIDE}\${PROGRAM}" "$INSTDIR\${PROGRAM}"
  ${ElseIf} ${FileExists} "$INSTDIR\_internal\*.*"
    ; Only a part that could not be deleted at the end of an installation.
    Return
  ${EndIf}
  Rename "${SET_ASIDE}\_internal" "$INSTDIR\_internal"
FunctionEnd

Function SetAside
  Call TakeBackInterrupted
  ${IfNot} ${FileExists} "$INSTDIR\_internal\*.*"
    ${IfNot} ${FileExists} "$INSTDIR\${PROGRAM}"
      StrCpy $IsNew 1
    ${EndIf}
    Return
  ${EndIf}
  ${IfNot} ${FileExists} "$INSTDIR\${PROGRAM}"
    MessageBox MB_OK|MB_ICONSTOP "$(FOREIGN_FOLDER)" /SD IDOK
    Abort "$(FOREIGN_FOLDER)"
  ${EndIf}
  RMDir /r "${SET_ASIDE}"
  CreateDirectory "${SET_ASIDE}"
  again:
  ClearErrors
  Rename "$INSTDIR\_internal" "${SET_ASIDE}\_internal"
  ${If} ${Errors}
    Call FindAllHeld
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(IN_USE)$\r$\n$\r$\n$Held$\r$\n$(CLOSE_THEM)" /SD IDCANCEL IDRETRY again
    RMDir "${SET_ASIDE}"
    Call RefuseHeld
  ${EndIf}
  StrCpy $IsSetAside 1
  Rename "$INSTDIR\${PROGRAM}" "${SET_ASIDE}\${PROGRAM}"
FunctionEnd

Function .onInstFailed
  ; Not what an earlier installation has left there: a scanner of viruses may have held it, or the power failed.
  ${If} $IsSetAside == 1
    RMDir /r "$INSTDIR\_internal"
    Rename "${SET_ASIDE}\_internal" "$INSTDIR\_internal"
    ${If} ${FileExists} "${SET_ASIDE}\${PROGRAM}"
      Delete "$INSTDIR\${PROGRAM}"
      Rename "${SET_ASIDE}\${PROGRAM}" "$INSTDIR\${PROGRAM}"
    ${EndIf}
    RMDir "${SET_ASIDE}"
    ${If} $WasRunning == 1
      Exec '"$INSTDIR\${PROGRAM}"'
    ${EndIf}
  ${ElseIf} $IsNew == 1
    SetOutPath "$TEMP"
    !insertmacro REMOVE_PROGRAM
  ${EndIf}
FunctionEnd

; A version in another folder would stay behind without a way to remove it.
Function RemoveFromElsewhere
  ReadRegStr $R2 HKCU "${SETTINGS_KEY}" "InstallDir"
  ${If} $R2 == ""
  ${OrIfNot} ${FileExists} "$R2\uninstall.exe"
    Return
  ${EndIf}
  ; One folder has many names: short ones, links, drives that stand for a folder.
  FileOpen $R3 "$INSTDIR\.here" w
  FileClose $R3
  StrCpy $R3 0
  ${If} ${FileExists} "$R2\.here"
    StrCpy $R3 1
  ${EndIf}
  Delete "$INSTDIR\.here"
  ${If} $R3 == 1
    Return
  ${EndIf}
  ExecWait '"$R2\${PROGRAM}" --quit' $R1
  ${If} $R1 == 0
    StrCpy $WasRunning 1
  ${EndIf}
  ; With _?= it runs where it is, so that it can be waited for, and cannot delete itself.
  ExecWait '"$R2\uninstall.exe" /S _?=$R2' $R1
  ${If} $R1 == 0
    Delete "$R2\uninstall.exe"
    RMDir "$R2"
  ${EndIf}
FunctionEnd

; Windows shows notifications under the name and the icon of the start menu's entry with the program's id.
Function SetAppId
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
  ${If} $0 P<> 0
    ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}",.r1)'
    ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}",.r2)'
    ${If} $1 P<> 0
    ${AndIf} $2 P<> 0
      ${IPersistFile::Load} $1 '("$SMPROGRAMS\${NAME}.lnk",${STGM_READWRITE})'
      System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r3'
      System::Call '*(&w64 "${APP_ID}")p.r4'
      System::Call '*${SYSSTRUCT_PROPVARIANT}(${VT_LPWSTR},,p r4)p.r5'
      ${IPropertyStore::SetValue} $2 '($3,$5)'
      ${IPropertyStore::Commit} $2 ""
      ${IPersistFile::Save} $1 '("$SMPROGRAMS\${NAME}.lnk",1)'
      System::Free $5
      System::Free $4
      System::Free $3
    ${EndIf}
    ${If} $2 P<> 0
      ${IUnknown::Release} $2 ""
    ${EndIf}
    ${If} $1 P<> 0
      ${IUnknown::Release} $1 ""
    ${EndIf}
    ${IUnknown::Release} $0 ""
  ${EndIf}
FunctionEnd

Section "$(PROGRAM_FILES)" SectionProgram
  SectionIn RO
  Call QuitRunning
  Call SetAside
  SetOutPath "$INSTDIR"
  File /r "${APP}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ; A program cannot remove the folder that it is in.
  SetOutPath "$TEMP"
  ; First what makes it a whole version, which the next installation would put back.
  Delete "${SET_ASIDE}\${PROGRAM}"
  RMDir /r "${SET_ASIDE}"
  Call RemoveFromElsewhere
  SetOutPath "$INSTDIR"
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${PROGRAM}"
  Call SetAppId
  WriteRegStr HKCU "${SETTINGS_KEY}" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\${PROGRAM}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
SectionEnd

Section /o "$(AUTOSTART)" SectionAutostart
  WriteRegStr HKCU "${RUN_KEY}" "${NAME}" '"$INSTDIR\${PROGRAM}"'
SectionEnd

Section /o "$(DESKTOP_SHORTCUT)" SectionDesktop
  CreateShortcut "$DESKTOP\${NAME}.lnk" "$INSTDIR\${PROGRAM}"
SectionEnd

Section "-"
  ${IfNot} ${SectionIsSelected} ${SectionAutostart}
    DeleteRegValue HKCU "${RUN_KEY}" "${NAME}"
    ; Else a later choice of it would be void.
    DeleteRegValue HKCU "${APPROVED_KEY}" "${NAME}"
  ${EndIf}
  ${IfNot} ${SectionIsSelected} ${SectionDesktop}
    Delete "$DESKTOP\${NAME}.lnk"
  ${EndIf}
SectionEnd

!macro CHOOSE SWITCH SECTION
  ClearErrors
  ${GetOptions} $R8 "/${SWITCH}=" $R7
  ${IfNot} ${Errors}
    ${If} $R7 == "1"
      !insertmacro SelectSection ${SECTION}
    ${Else}
      !insertmacro UnselectSection ${SECTION}
    ${EndIf}
  ${EndIf}
!macroend

Function ReadSwitches
  ${GetParameters} $R8
  ReadRegStr $R7 HKCU "${RUN_KEY}" "${NAME}"
  ${If} $R7 != ""
    !insertmacro SelectSection ${SectionAutostart}
  ${EndIf}
  ${If} ${FileExists} "$DESKTOP\${NAME}.lnk"
    !insertmacro SelectSection ${SectionDesktop}
  ${EndIf}
  !insertmacro CHOOSE "AUTOSTART" ${SectionAutostart}
  !insertmacro CHOOSE "DESKTOP" ${SectionDesktop}
FunctionEnd

Function .onInstSuccess
  ${If} ${Silent}
    ${GetParameters} $R8
    ClearErrors
    ${GetOptions} $R8 "/RUN=" $R7
    ${If} ${Errors}
      StrCpy $R7 $WasRunning
    ${EndIf}
    ${If} $R7 == "1"
      Exec '"$INSTDIR\${PROGRAM}"'
    ${EndIf}
  ${EndIf}
FunctionEnd

Section "un.$(PROGRAM_FILES)"
  SectionIn RO
  Call un.QuitRunning
  !insertmacro REMOVE_PROGRAM
  Delete "$SMPROGRAMS\${NAME}.lnk"
  Delete "$DESKTOP\${NAME}.lnk"
  DeleteRegValue HKCU "${RUN_KEY}" "${NAME}"
  DeleteRegValue HKCU "${APPROVED_KEY}" "${NAME}"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
  DeleteRegKey HKCU "${SETTINGS_KEY}"
SectionEnd

Section /o "un.$(USER_DATA)" UnsectionData
  RMDir /r "$APPDATA\${NAME}"
  RMDir /r "$LOCALAPPDATA\${NAME}"
SectionEnd

; A removal needs none, and says so in kilobytes.
Function un.HideSpaceNeeded
  FindWindow $R0 "#32770" "" $HWNDPARENT
  GetDlgItem $R0 $R0 ${SPACE_NEEDED}
  ShowWindow $R0 ${SW_HIDE}
FunctionEnd

Function un.onInit
  ${GetParameters} $R8
  !insertmacro CHOOSE "REMOVEDATA" ${UnsectionData}
FunctionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${SectionProgram} "$(ABOUT_PROGRAM)"
  !insertmacro MUI_DESCRIPTION_TEXT ${SectionAutostart} "$(ABOUT_AUTOSTART)"
  !insertmacro MUI_DESCRIPTION_TEXT ${SectionDesktop} "$(ABOUT_DESKTOP)"
!insertmacro MUI_FUNCTION_DESCRIPTION_END
!insertmacro MUI_UNFUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${UnsectionData} "$(ABOUT_DATA)"
!insertmacro MUI_UNFUNCTION_DESCRIPTION_END
