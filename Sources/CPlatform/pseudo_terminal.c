#define _GNU_SOURCE
#include "thenar_platform.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int thenar_open_pseudo_terminal(char *path, size_t path_size) {
  int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (master < 0) return -errno;
  int error = 0;
  if (grantpt(master) < 0 || unlockpt(master) < 0) error = errno;
  if (!error) error = ptsname_r(master, path, path_size);
  if (!error) return master;
  close(master);
  return -error;
}
