// Loaded into a program under valgrind (LD_PRELOAD): the main thread of a program with an
// asynchronous main waits in sigsuspend with a mask in read-only memory, and valgrind 3.19 writes to
// the mask it is given and ends there.

#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int sigsuspend(const sigset_t *mask) {
  sigset_t copy = *mask;
  return syscall(SYS_rt_sigsuspend, &copy, _NSIG / 8);
}
