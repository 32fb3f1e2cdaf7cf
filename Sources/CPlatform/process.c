#define _GNU_SOURCE
#include "thenar_platform.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int set_up_files(posix_spawn_file_actions_t *files, int control) {
  int error;
  /* First, in case that the control descriptor is one of those that the next lines replace. */
  if ((error = posix_spawn_file_actions_adddup2(files, control, 3))) return error;
  if ((error = posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0))) return error;
  if ((error = posix_spawn_file_actions_addopen(files, 1, "/dev/null", O_WRONLY, 0))) return error;
  return posix_spawn_file_actions_addclosefrom_np(files, 4);
}

static int set_up_attributes(posix_spawnattr_t *attributes) {
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  int error;
  if ((error = posix_spawnattr_setsigdefault(attributes, &all))) return error;
  if ((error = posix_spawnattr_setsigmask(attributes, &none))) return error;
  if ((error = posix_spawnattr_setpgroup(attributes, 0))) return error;
  return posix_spawnattr_setflags(
      attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
}

int thenar_spawn(const char *path, char *const argv[], char *const envp[], int control, int *process, int *descriptor) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  int error = posix_spawn_file_actions_init(&files);
  if (error) return error;
  error = posix_spawnattr_init(&attributes);
  if (error) {
    posix_spawn_file_actions_destroy(&files);
    return error;
  }
  pid_t child = -1;
  if (!(error = set_up_files(&files, control)) && !(error = set_up_attributes(&attributes)))
    error = posix_spawn(&child, path, &files, &attributes, argv, envp);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error) return error;

  long opened = syscall(SYS_pidfd_open, child, 0);
  if (opened < 0) {
    error = errno;
    kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    return error;
  }
  *process = child;
  *descriptor = (int)opened;
  return 0;
}

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
