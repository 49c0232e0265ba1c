/* For tests in wine 8 only: the colour profiles of Windows' colour system, which Qt asks for and can do without. */
__declspec(dllexport) void *shim_no_profile(void) { return 0; }
