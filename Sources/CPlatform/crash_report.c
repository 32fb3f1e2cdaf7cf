/* Which fault a process dies of, and where. Swift's runtime would start a program for that, which a confined process may
 * not. */
#define _GNU_SOURCE
#include "thenar_platform.h"

#include <errno.h>
#include <execinfo.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <unwind.h>

enum { MOST_CALLERS = 64 };

static void say(const char *text) {
  ssize_t written = write(STDERR_FILENO, text, strlen(text));
  (void)written; /* there is nobody else to tell */
}

static void say_number(uintptr_t number, unsigned base) {
  char digits[20];
  size_t at = sizeof digits;
  digits[--at] = '\0';
  do digits[--at] = "0123456789abcdef"[number % base];
  while ((number /= base) != 0 && at > 0);
  say(digits + at);
}

struct callers {
  void *at[MOST_CALLERS];
  int count;
};

/* glibc's own backtrace takes memory at its first call, or costs a worker 200 kB to be called before. */
static _Unwind_Reason_Code note_caller(struct _Unwind_Context *context, void *callers) {
  struct callers *found = callers;
  if (found->count == MOST_CALLERS) return _URC_END_OF_STACK;
  found->at[found->count++] = (void *)_Unwind_GetIP(context);
  return _URC_NO_REASON;
}

/* Only what may be called in the middle of anything. Its first deed was to put the standard action back, so that a fault
 * in here ends the process as well. */
static void report(int number, siginfo_t *how, void *context) {
  (void)context;
  say(THENAR_CRASH_WORDS);
  say_number((uintptr_t)number, 10);
  if (how->si_code > 0 && number != SIGABRT) {
    say(" at address 0x");
    say_number((uintptr_t)how->si_addr, 16);
  }
  say("\n");
  struct callers callers = {.count = 0};
  _Unwind_Backtrace(note_caller, &callers);
  backtrace_symbols_fd(callers.at, callers.count, STDERR_FILENO);
  /* A fault comes again on return; a signal that somebody sent does not. */
  if (how->si_code <= 0) syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
}

int thenar_report_crashes(void) {
  /* Of a stack that is full nothing can be called. */
  static char room[64 * 1024];
  stack_t stack = {.ss_sp = room, .ss_size = sizeof room};
  if (sigaltstack(&stack, NULL) < 0) return errno;
  struct sigaction action = {.sa_sigaction = report, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND | SA_NODEFER};
  static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS};
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
    if (sigaction(faults[i], &action, NULL) < 0) return errno;
  return 0;
}
