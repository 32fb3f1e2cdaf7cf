#define _GNU_SOURCE
#include "thenar_loop.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

int thenar_loop_open(void) {
  int descriptor = epoll_create1(EPOLL_CLOEXEC);
  return descriptor < 0 ? -errno : descriptor;
}

int thenar_loop_open_wake(void) {
  int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return descriptor < 0 ? -errno : descriptor;
}

static int control(int loop, int operation, int descriptor, uint32_t readiness, uint64_t token) {
  struct epoll_event event = {.data.u64 = token};
  if (readiness & THENAR_LOOP_READ) event.events |= EPOLLIN;
  if (readiness & THENAR_LOOP_WRITE) event.events |= EPOLLOUT;
  return epoll_ctl(loop, operation, descriptor, &event) < 0 ? errno : 0;
}

int thenar_loop_add(int loop, int descriptor, uint32_t readiness, uint64_t token) {
  return control(loop, EPOLL_CTL_ADD, descriptor, readiness, token);
}

int thenar_loop_change(int loop, int descriptor, uint32_t readiness, uint64_t token) {
  return control(loop, EPOLL_CTL_MOD, descriptor, readiness, token);
}

int thenar_loop_remove(int loop, int descriptor) { return control(loop, EPOLL_CTL_DEL, descriptor, 0, 0); }

int thenar_loop_wait(int loop, thenar_loop_event *events, int most, int milliseconds) {
  struct epoll_event ready[256];
  int count = epoll_wait(loop, ready, most < 256 ? most : 256, milliseconds);
  if (count < 0) return errno == EINTR ? 0 : -errno;
  for (int i = 0; i < count; i++) {
    uint32_t bits = 0;
    if (ready[i].events & EPOLLIN) bits |= THENAR_LOOP_READ;
    if (ready[i].events & EPOLLOUT) bits |= THENAR_LOOP_WRITE;
    if (ready[i].events & (EPOLLHUP | EPOLLERR)) bits |= THENAR_LOOP_OVER;
    events[i] = (thenar_loop_event){.token = ready[i].data.u64, .readiness = bits};
  }
  return count;
}

int thenar_loop_accept(int listener) {
  int descriptor = accept4(listener, 0, 0, SOCK_CLOEXEC | SOCK_NONBLOCK);
  return descriptor < 0 ? -errno : descriptor;
}
