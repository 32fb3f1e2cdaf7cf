/* refd: the reference. A pipeline of the same shape as Thenar in as little C as it takes: a driver process reads lines
   from the tty and writes records; the core takes them over a socket pair and sends them to every connection.

   It checks nothing, keeps nothing, filters nothing and closes who is 16 MB behind. So it is no rival: it says what the
   way costs, and all figures of Thenar are given as multiples of its own in the same round. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "kit.h"

enum { most_consumers = 4096, most_waiting = 16 << 20, driver_room = 1 << 14, core_room = 1 << 16 };

/* What one record can have more than its line. */
enum { record_overhead = 256, shortest_line = 16 };

/* ---- the driver's process ---- */

static int open_tty(const char *path) {
  int fd = -1;
  for (int i = 0; i < 500 && fd < 0; i++) {
    fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) sleep_ns(10000000);
  }
  struct termios line;
  if (fd < 0 || tcgetattr(fd, &line)) die("%s", path);
  cfmakeraw(&line);
  tcsetattr(fd, TCSANOW, &line);
  return fd;
}

static uint64_t number_behind(const char *key, size_t length, const char *line, const char *end) {
  const char *at = memmem(line, (size_t)(end - line), key, length);
  if (at == NULL) return 0;
  at += length;
  return read_number(&at, end);
}

static char *put_text(char *at, const char *text) {
  size_t length = strlen(text);
  memcpy(at, text, length);
  return at + length;
}

/* {"seq":S,"t":N,"val":V} becomes a record with what a consumer needs: who measured, what, in which unit, how well. */
static char *put_record(char *to, const char *line, const char *end) {
  const char *value = memmem(line, (size_t)(end - line), "\"val\":", 6);
  double number = value ? strtod(value + 6, NULL) : 0;
  /* In thousandths: printing a double would cost more than all else here. */
  int64_t thousandths = (int64_t)(number * 1000 + (number < 0 ? -0.5 : 0.5));
  to = put_text(to, "{\"dev\":0,\"dseq\":");
  to = put_number(to, number_behind("\"seq\":", 6, line, end));
  to = put_text(to, ",\"t\":");
  to = put_number(to, number_behind("\"t\":", 4, line, end));
  to = put_text(to, ",\"val\":");
  if (thousandths < 0) {
    *to++ = '-';
    thousandths = -thousandths;
  }
  to = put_number(to, (uint64_t)thousandths / 1000);
  *to++ = '.';
  *to++ = (char)('0' + thousandths / 100 % 10);
  *to++ = (char)('0' + thousandths / 10 % 10);
  *to++ = (char)('0' + thousandths % 10);
  return put_text(
      to, ",\"unit\":\"N\",\"stable\":true,\"quality\":\"good\",\"channel\":\"force\",\"driver\":\"reference\","
          "\"serial\":\"A1B2C3D4\",\"site\":\"bench-1\"}\n");
}

static _Noreturn void drive(const char *tty, int core) {
  static char bytes[driver_room], records[driver_room / shortest_line * record_overhead];
  size_t length = 0;
  int fd = open_tty(tty);
  for (;;) {
    ssize_t count = read(fd, bytes + length, sizeof bytes - length);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) _exit(0);
    char *line = bytes, *end = bytes + length + count, *to = records, *newline;
    while ((newline = memchr(line, '\n', (size_t)(end - line)))) {
      if (newline - line >= shortest_line) to = put_record(to, line, newline);
      line = newline + 1;
    }
    length = (size_t)(end - line);
    if (length == sizeof bytes) length = 0;
    memmove(bytes, line, length);
    if (write_all(core, records, (size_t)(to - records))) _exit(0);
  }
}

/* ---- the core ---- */

struct consumer {
  int fd, place;
  char *waiting;
  size_t length, room;
};

static struct consumer *consumers[most_consumers];
static int consumer_count, poller, closed_as_slow;

static void watch(struct consumer *consumer, int how, uint32_t events) {
  struct epoll_event event = {.events = events, .data.ptr = consumer};
  epoll_ctl(poller, how, consumer->fd, &event);
}

static void drop(struct consumer *consumer) {
  close(consumer->fd);
  consumers[consumer->place] = consumers[--consumer_count];
  consumers[consumer->place]->place = consumer->place;
  free(consumer->waiting);
  free(consumer);
}

static void accept_all(int listener) {
  int fd;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
    struct consumer *consumer = consumer_count < most_consumers ? calloc(1, sizeof *consumer) : NULL;
    if (consumer == NULL) {
      close(fd);
      continue;
    }
    consumer->fd = fd;
    consumer->place = consumer_count;
    consumers[consumer_count++] = consumer;
    watch(consumer, EPOLL_CTL_ADD, EPOLLIN);
  }
}

/* Keeps what the socket did not take. Returns -1 where that is too much. */
static int keep(struct consumer *consumer, const char *bytes, size_t count) {
  if (consumer->length + count > most_waiting) return -1;
  if (consumer->length + count > consumer->room) {
    size_t larger = (consumer->length + count) * 2;
    char *memory = realloc(consumer->waiting, larger);
    if (memory == NULL) return -1;
    consumer->waiting = memory;
    consumer->room = larger;
  }
  if (consumer->length == 0) watch(consumer, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
  memcpy(consumer->waiting + consumer->length, bytes, count);
  consumer->length += count;
  return 0;
}

static void send_to_all(const char *bytes, size_t count) {
  for (int i = consumer_count - 1; i >= 0; i--) {
    struct consumer *consumer = consumers[i];
    size_t sent = 0;
    if (consumer->length == 0) {
      ssize_t taken = send(consumer->fd, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (taken < 0 && errno != EAGAIN) {
        drop(consumer);
        continue;
      }
      sent = taken > 0 ? (size_t)taken : 0;
    }
    if (sent < count && keep(consumer, bytes + sent, count - sent)) {
      closed_as_slow++;
      drop(consumer);
    }
  }
}

/* Returns -1 when the consumer has gone. */
static int serve(struct consumer *consumer, uint32_t events) {
  if (events & (EPOLLIN | EPOLLHUP)) {
    char request[512];
    if (read(consumer->fd, request, sizeof request) == 0) return -1;
  }
  if ((events & EPOLLOUT) && consumer->length > 0) {
    ssize_t sent = send(consumer->fd, consumer->waiting, consumer->length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN ? 0 : -1;
    consumer->length -= (size_t)sent;
    memmove(consumer->waiting, consumer->waiting + sent, consumer->length);
    if (consumer->length == 0) watch(consumer, EPOLL_CTL_MOD, EPOLLIN);
  }
  return 0;
}

/* Whole records only: a consumer that comes now must not begin with half a one. Returns -1 when the driver has gone. */
static int take_records(int driver) {
  static char bytes[core_room];
  static size_t length;
  ssize_t count = read(driver, bytes + length, sizeof bytes - length);
  if (count < 0 && errno == EINTR) return 0;
  if (count <= 0) return -1;
  length += (size_t)count;
  char *last = memrchr(bytes, '\n', length);
  if (last == NULL) return 0;
  size_t whole = (size_t)(last + 1 - bytes);
  send_to_all(bytes, whole);
  length -= whole;
  memmove(bytes, bytes + whole, length);
  return 0;
}

static void run(int listener, int driver) {
  /* Marks that are no consumer. */
  static char is_listener, is_driver;
  poller = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = &is_listener};
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
  event.data.ptr = &is_driver;
  epoll_ctl(poller, EPOLL_CTL_ADD, driver, &event);
  while (!stopped) {
    struct epoll_event events[64];
    int count = epoll_wait(poller, events, 64, -1);
    /* Records last: they may drop a consumer that stands behind them in `events`. */
    int has_records = 0;
    for (int i = 0; i < count; i++) {
      void *what = events[i].data.ptr;
      if (what == &is_listener) accept_all(listener);
      else if (what == &is_driver) has_records = 1;
      else if (serve(what, events[i].events)) drop(what);
    }
    if (has_records && take_records(driver)) epoll_ctl(poller, EPOLL_CTL_DEL, driver, NULL);
  }
}

int main(int count, char **words) {
  const char *tty = NULL, *path = NULL;
  static const struct option names[] = {{"tty", 1, 0, 't'}, {"listen", 1, 0, 'l'}, {0, 0, 0, 0}};
  int name;
  while ((name = getopt_long(count, words, "", names, NULL)) != -1) switch (name) {
    case 't': tty = optarg; break;
    case 'l': path = optarg; break;
    default: return 2;
    }
  if (tty == NULL || path == NULL) {
    fprintf(stderr, "usage: refd --tty PATH --listen SOCKET\n");
    return 2;
  }
  catch_signals();
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) die("socketpair");
  pid_t driver = fork();
  if (driver < 0) die("fork");
  if (driver == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGTERM, SIG_DFL);
    close(pair[0]);
    drive(tty, pair[1]);
  }
  close(pair[1]);
  run(listen_unix(path), pair[0]);
  if (closed_as_slow > 0) fprintf(stderr, "refd: closed %d consumers that were too slow\n", closed_as_slow);
  kill(driver, SIGKILL);
  unlink(path);
  return 0;
}
