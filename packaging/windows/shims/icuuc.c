/* For tests in wine 8 only: what Qt 6 takes from the icuuc.dll of Windows 10. No converter can be opened, so Qt uses its
   own. */
#define EXPORT __declspec(dllexport)
enum { FILE_ACCESS_ERROR = 4, ILLEGAL_ARGUMENT_ERROR = 1 };

EXPORT void *ucnv_open(const char *name, int *error) { (void)name; if (error) *error = FILE_ACCESS_ERROR; return 0; }
EXPORT void ucnv_close(void *converter) { (void)converter; }
EXPORT void ucnv_reset(void *converter) { (void)converter; }
EXPORT signed char ucnv_getMaxCharSize(void *converter) { (void)converter; return 1; }
EXPORT const char *ucnv_getName(void *converter, int *error)
{ (void)converter; if (error) *error = ILLEGAL_ARGUMENT_ERROR; return 0; }
EXPORT int ucnv_toUCountPending(void *converter, int *error) { (void)converter; (void)error; return 0; }
EXPORT const char *ucnv_getStandardName(const char *name, const char *standard, int *error)
{ (void)name; (void)standard; if (error) *error = ILLEGAL_ARGUMENT_ERROR; return 0; }
EXPORT const char *ucnv_getAvailableName(int index) { (void)index; return 0; }
EXPORT int ucnv_countAvailable(void) { return 0; }
#define NEVER_CALLED(name) EXPORT void name(void) {}
NEVER_CALLED(UCNV_FROM_U_CALLBACK_SUBSTITUTE)
NEVER_CALLED(UCNV_TO_U_CALLBACK_SUBSTITUTE)
NEVER_CALLED(ucnv_cbFromUWriteUChars)
NEVER_CALLED(ucnv_cbToUWriteUChars)
NEVER_CALLED(ucnv_fromUnicode)
NEVER_CALLED(ucnv_getFromUCallBack)
NEVER_CALLED(ucnv_getToUCallBack)
NEVER_CALLED(ucnv_setFromUCallBack)
NEVER_CALLED(ucnv_setToUCallBack)
NEVER_CALLED(ucnv_toUnicode)
