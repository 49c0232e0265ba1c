"""Pure logic: no Qt, no operating system, no files, no clock."""
