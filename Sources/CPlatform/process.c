#define _GNU_SOURCE
#include "private.h"
#include "thenar_platform.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child shares with us until its exec: its memory is ours (vfork). */
struct start {
  const char *path;
  char *const *argv, *const *envp;
  int control, errors;
  const struct thenar_limits *limits;
  pid_t parent;
  int error;
};

static int limit(int resource, rlim_t most) {
  struct rlimit set;
  if (getrlimit(resource, &set) < 0) return -1;
  if (set.rlim_max > most) set.rlim_max = most;
  if (set.rlim_cur > set.rlim_max) set.rlim_cur = set.rlim_max;
  return setrlimit(resource, &set);
}

static int set_limits(const struct thenar_limits *limits) {
#ifndef THENAR_SANITIZED
  /* The one counts what is written, the other also what is shared and mapped. */
  if (limits->memory && (limit(RLIMIT_DATA, limits->memory) < 0 || limit(RLIMIT_AS, 4 * limits->memory) < 0)) return -1;
#endif
  if (limits->files && limit(RLIMIT_NOFILE, limits->files) < 0) return -1;
  return limit(RLIMIT_CORE, 0);
}

static int set_files(const struct start *start) {
  /* Above what they replace, in case that one of them is among it. */
  int control = fcntl(start->control, F_DUPFD, 10), errors = fcntl(start->errors, F_DUPFD, 10);
  if (control < 0 || errors < 0) return -1;
  int nothing = open("/dev/null", O_RDWR);
  if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(nothing, 1) < 0) return -1;
  if (dup2(errors, 2) < 0 || dup2(control, 3) < 0) return -1;
  return close_range(4, ~0U, 0);
}

/* Only calls of the system, as after any fork. Returns only when something failed. */
static void begin(struct start *start) {
  struct sigaction standard = {.sa_handler = SIG_DFL};
  for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
  sigset_t none;
  sigemptyset(&none);
  if (setpgid(0, 0) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) return;
  /* It may have ended before we asked. */
  if (getppid() != start->parent) _exit(0);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return;
  if (set_files(start) < 0 || set_limits(start->limits) < 0) return;
  sigprocmask(SIG_SETMASK, &none, NULL);
  execve(start->path, start->argv, start->envp);
}

int thenar_spawn(const char *path, char *const argv[], char *const envp[], int control, int errors,
                 const struct thenar_limits *limits, int *process, int *descriptor) {
  volatile struct start start = {path, argv, envp, control, errors, limits, getpid(), 0};
  /* No handler of ours may run in the child, which has our memory. */
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t child = vfork();
  if (child == 0) {
    begin((struct start *)&start);
    start.error = errno;
    _exit(127);
  }
  int error = child < 0 ? errno : start.error;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (child < 0) return error;

  long opened = error ? -1 : syscall(SYS_pidfd_open, child, 0);
  if (opened < 0 && !error && errno != ENOSYS) error = errno;
  if (error) {
    kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    return error;
  }
  *process = child;
  *descriptor = (int)opened;
  return 0;
}

int thenar_kill(int descriptor) { return syscall(SYS_pidfd_send_signal, descriptor, SIGKILL, NULL, 0) < 0 ? errno : 0; }

int thenar_has_ended(int process) {
  siginfo_t how = {0};
  return waitid(P_PID, (id_t)process, &how, WEXITED | WNOHANG | WNOWAIT) < 0 || how.si_pid == process;
}

int thenar_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 ? errno : 0; }

int thenar_die_with_parent(void) {
  pid_t parent = getppid();
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) return errno;
  return getppid() == parent ? 0 : ESRCH;
}

int thenar_peer_credentials(int socket, int *process, unsigned *user, unsigned *group) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) return errno;
  *process = peer.pid;
  *user = peer.uid;
  *group = peer.gid;
  return 0;
}

static void close_all(void) { syscall(SYS_close_range, 3u, ~0u, 0u); }

int thenar_close_in_forked_children(void) { return pthread_atfork(NULL, NULL, close_all); }
