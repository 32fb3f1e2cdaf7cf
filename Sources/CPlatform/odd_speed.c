/* A file of its own: the kernel's termios2 and glibc's termios.h cannot be included together. */
#include "thenar_platform.h"

#include <asm/termbits.h>
#include <errno.h>
#include <sys/ioctl.h>

int thenar_set_odd_speed(int terminal, unsigned bits_per_second) {
  struct termios2 settings;
  if (ioctl(terminal, TCGETS2, &settings) < 0) return errno;
  settings.c_cflag = (settings.c_cflag & ~(CBAUD | (CBAUD << IBSHIFT))) | BOTHER | (BOTHER << IBSHIFT);
  settings.c_ispeed = bits_per_second;
  settings.c_ospeed = bits_per_second;
  return ioctl(terminal, TCSETS2, &settings) < 0 ? errno : 0;
}
