/* tty_source: plays an instrument on a pseudo-terminal.

   It makes the terminal, waits until somebody opens it, and sends lines at a steady rate, or as fast as they are taken
   (--rate 0). It notes when it sent each line: in the line itself (%N), and in the file --map at the place of the
   line's number, for programs through which only a number survives. At its end it says as JSON what it sent.

   In --template and --preamble: %S number of the line, %N nanoseconds of CLOCK_MONOTONIC; for NMEA sentences %A the
   number with ".0", %T hhmmss.sss with a millisecond a line, %L a latitude with the number in it, %C the checksum of
   what stands between $ and here. \n \r \xHH stand for bytes. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <pty.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "kit.h"

enum { map_places = 1 << 22, longest_template = 1024, longest_line = 4096 };

struct options {
  const char *link, *map, *preamble;
  char template[longest_template];
  double rate, seconds, delay, linger;
  uint64_t count;
};

static size_t make_line(const char *template, char *line, uint64_t number, uint64_t stamp) {
  char *to = line, *sentence = line;
  for (; *template; template++) {
    if (*template == '$') sentence = to + 1;
    if (*template != '%') {
      *to++ = *template;
      continue;
    }
    uint64_t ms = number % 86400000;
    switch (*++template) {
    case 'S': to = put_number(to, number); break;
    case 'N': to = put_number(to, stamp); break;
    case 'A': to += sprintf(to, "%llu.0", (unsigned long long)number); break;
    case 'L': to += sprintf(to, "4807.%05llu", (unsigned long long)(number % 100000)); break;
    case 'T':
      to += sprintf(
          to, "%02d%02d%02d.%03d", (int)(ms / 3600000), (int)(ms / 60000 % 60), (int)(ms / 1000 % 60),
          (int)(ms % 1000));
      break;
    case 'C': {
      unsigned char sum = 0;
      for (char *p = sentence; p < to; p++)
        if (*p != '*') sum ^= (unsigned char)*p;
      to += sprintf(to, "%02X", sum);
      break;
    }
    case 0: return (size_t)(to - line);
    default: *to++ = *template;
    }
  }
  return (size_t)(to - line);
}

/* The terminal's near end; its far end gets the name `link`. */
static int make_terminal(const char *link) {
  int near, far;
  char name[128];
  struct termios line;
  if (openpty(&near, &far, name, NULL, NULL)) die("openpty");
  tcgetattr(far, &line);
  cfmakeraw(&line);
  line.c_cflag |= CLOCAL;
  tcsetattr(far, TCSANOW, &line);
  /* gpsd gives up root before it opens its terminal. */
  chmod(name, 0666);
  close(far);
  unlink(link);
  if (symlink(name, link)) die("%s", link);
  return near;
}

static _Atomic uint64_t *make_map(const char *path) {
  int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0 || ftruncate(fd, map_places * sizeof(uint64_t))) die("%s", path);
  void *map = mmap(NULL, map_places * sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED) die("%s", path);
  close(fd);
  return map;
}

/* The near end hangs for as long as nobody has the far end open. */
static void wait_for_reader(int terminal) {
  for (;;) {
    struct pollfd wait = {terminal, POLLIN, 0};
    poll(&wait, 1, 0);
    if (stopped || !(wait.revents & POLLHUP)) return;
    sleep_ns(2000000);
  }
}

/* All bytes of a line, however long the reader takes. Returns -1 when it has gone. */
static int send_line(int terminal, const char *line, size_t length, uint64_t last_moment) {
  while (length > 0 && !stopped) {
    ssize_t written = write(terminal, line, length);
    if (written > 0) {
      line += written;
      length -= (size_t)written;
      continue;
    }
    if (written < 0 && errno == EIO) return -1;
    struct pollfd wait = {terminal, POLLOUT, 0};
    poll(&wait, 1, 100);
    if (now_ns() > last_moment) return -1;
  }
  return stopped ? -1 : 0;
}

static void play(const struct options *options, int terminal, _Atomic uint64_t *map) {
  char line[longest_line];
  uint64_t start = now_ns(), end = start + (uint64_t)(options->seconds * 1e9), cpu = own_cpu_ns(), sent = 0;
  struct pacer pacer = {
      .start = start + 1000000, .step = options->rate > 0 ? (uint64_t)(1e9 / options->rate) : 0};
  while (!stopped && (options->count == 0 || sent < options->count)) {
    uint64_t stamp = pacer.step ? pacer_wait(&pacer, sent) : now_ns();
    if (stamp >= end) break;
    if (map) atomic_store_explicit(&map[sent % map_places], stamp, memory_order_release);
    size_t length = make_line(options->template, line, sent, stamp);
    if (send_line(terminal, line, length, end + 2000000000)) break;
    sent++;
    /* What the reader writes is of no interest, and must not fill the terminal. */
    if (pacer.step || sent % 64 == 0)
      while (read(terminal, line, sizeof line) > 0) {}
  }
  double seconds = (double)(now_ns() - start) / 1e9;
  printf(
      "{\"lines\":%llu,\"seconds\":%.3f,\"late_ticks\":%llu,\"cpu_seconds\":%.4f}\n", (unsigned long long)sent, seconds,
      (unsigned long long)pacer.late, (double)(own_cpu_ns() - cpu) / 1e9);
  fflush(stdout);
}

static struct options read_options(int count, char **words) {
  struct options options = {
      .template = "{\"seq\":%S,\"t\":%N,\"val\":123.456}\n", .rate = 1000, .seconds = 5, .linger = 0.7};
  static const struct option names[] = {
      {"link", 1, 0, 'l'},  {"map", 1, 0, 'm'},   {"preamble", 1, 0, 'p'}, {"template", 1, 0, 't'}, {"rate", 1, 0, 'r'},
      {"secs", 1, 0, 's'},  {"count", 1, 0, 'c'}, {"delay", 1, 0, 'd'},    {"linger", 1, 0, 'g'},   {0, 0, 0, 0}};
  int name;
  while ((name = getopt_long(count, words, "", names, NULL)) != -1) switch (name) {
    case 'l': options.link = optarg; break;
    case 'm': options.map = optarg; break;
    case 'p': options.preamble = optarg; break;
    case 't':
      if (strlen(optarg) < sizeof options.template) unescape(optarg, options.template);
      break;
    case 'r': options.rate = atof(optarg); break;
    case 's': options.seconds = atof(optarg); break;
    case 'c': options.count = strtoull(optarg, NULL, 10); break;
    case 'd': options.delay = atof(optarg); break;
    case 'g': options.linger = atof(optarg); break;
    default: exit(2);
    }
  if (options.link == NULL) {
    fprintf(
        stderr, "usage: tty_source --link PATH [--map FILE] [--template T] [--preamble T] [--rate R] [--secs S]\n"
                "                  [--count N] [--delay S] [--linger S]\n");
    exit(2);
  }
  return options;
}

int main(int count, char **words) {
  struct options options = read_options(count, words);
  prctl(PR_SET_TIMERSLACK, 1UL);
  catch_signals();
  int terminal = make_terminal(options.link);
  _Atomic uint64_t *map = options.map ? make_map(options.map) : NULL;
  wait_for_reader(terminal);
  sleep_ns((uint64_t)(options.delay * 1e9));
  if (options.preamble && strlen(options.preamble) < longest_template) {
    char template[longest_template], line[longest_line];
    unescape(options.preamble, template);
    if (write_all(terminal, line, make_line(template, line, 0, now_ns()))) die("preamble");
    sleep_ns(50000000);
  }
  fcntl(terminal, F_SETFL, O_NONBLOCK);
  play(&options, terminal, map);
  /* The reader takes what is still in the terminal before it hangs up. */
  sleep_ns((uint64_t)(options.linger * 1e9));
  unlink(options.link);
  return 0;
}
