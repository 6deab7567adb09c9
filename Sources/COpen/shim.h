#ifndef CO3_OPEN_H
#define CO3_OPEN_H

#if defined(__linux__)
// Declared here, as their headers would make types of the system this module's own. No C library has
// openat2; its number is the same on every processor that Swift has.
long syscall(long, ...);
struct co3_open_how {
  unsigned long long flags, mode, resolve;
};
enum { co3_openat2 = 437, co3_at_fdcwd = -100, co3_resolve_no_symlinks = 4 };
#else
#include <errno.h>
#include <fcntl.h>
#endif

// Opens a path none of whose components may be a symbolic link.
static inline int co3_open_without_links(const char *path, int flags) {
#if defined(__linux__)
  struct co3_open_how how = {(unsigned int)flags, 0, co3_resolve_no_symlinks};
  return (int)syscall(co3_openat2, co3_at_fdcwd, path, &how, sizeof how);
#elif defined(O_NOFOLLOW_ANY)
  return open(path, flags | O_NOFOLLOW_ANY);
#else
  (void)path, (void)flags;
  errno = ENOTSUP;
  return -1;
#endif
}

#endif
