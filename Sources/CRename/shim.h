#ifndef CO3_RENAME_H
#define CO3_RENAME_H

#include <stdio.h>

// glibc and musl declare it for _GNU_SOURCE alone, which Swift does not set.
#if defined(__linux__)
int renameat2(int, const char *, int, const char *, unsigned int);
enum { co3_rename_exchange = 2 };
#endif

#endif
