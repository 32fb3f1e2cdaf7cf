#define _GNU_SOURCE
#include "kit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { second = 1000000000 };

volatile sig_atomic_t stopped;

static uint64_t clock_ns(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (uint64_t)time.tv_sec * second + (uint64_t)time.tv_nsec;
}

static struct timespec timespec_of(uint64_t ns) {
  return (struct timespec){.tv_sec = (time_t)(ns / second), .tv_nsec = (long)(ns % second)};
}

uint64_t now_ns(void) { return clock_ns(CLOCK_MONOTONIC); }

uint64_t own_cpu_ns(void) { return clock_ns(CLOCK_PROCESS_CPUTIME_ID); }

void sleep_ns(uint64_t ns) {
  struct timespec time = timespec_of(ns);
  nanosleep(&time, NULL);
}

void sleep_until(uint64_t ns) {
  struct timespec time = timespec_of(ns);
  while (!stopped && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) {}
}

void die(const char *format, ...) {
  int error = errno;
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fprintf(stderr, ": %s\n", strerror(error));
  exit(1);
}

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

void catch_signals(void) {
  /* Without SA_RESTART: a call that waits must return, or nobody looks at `stopped`. */
  struct sigaction action = {.sa_handler = stop};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
}

/* ---- histogram ---- */

/* Small values have a step each. Above, a step is the leading bits of a value, `histogram_bits` after the first. */
static uint32_t histogram_step(uint64_t ns) {
  int top = ns ? 63 - __builtin_clzll(ns) : 0;
  int shift = top > histogram_bits ? top - histogram_bits : 0;
  return (uint32_t)(shift << histogram_bits) + (uint32_t)(ns >> shift);
}

/* The middle of a step. */
static double histogram_value(uint32_t step) {
  if (step < 2u << histogram_bits) return step;
  uint32_t shift = (step >> histogram_bits) - 1;
  uint64_t leading = step - (shift << histogram_bits);
  return (double)(leading << shift) + (double)(1ull << shift) / 2;
}

void histogram_add(struct histogram *h, uint64_t ns) {
  h->steps[histogram_step(ns)]++;
  if (h->count == 0 || ns < h->least) h->least = ns;
  if (ns > h->most) h->most = ns;
  h->count++;
}

void histogram_merge(struct histogram *into, const struct histogram *from) {
  if (from->count == 0) return;
  if (into->count == 0 || from->least < into->least) into->least = from->least;
  if (from->most > into->most) into->most = from->most;
  into->count += from->count;
  for (int i = 0; i < histogram_size; i++) into->steps[i] += from->steps[i];
}

double histogram_quantile(const struct histogram *h, double share) {
  uint64_t wanted = (uint64_t)(share * (double)h->count + 0.5), passed = 0;
  for (uint32_t i = 0; i < histogram_size; i++) {
    passed += h->steps[i];
    if (passed == 0 || passed < wanted) continue;
    double value = histogram_value(i), most = (double)h->most;
    return value < most ? value : most;
  }
  return 0;
}

void histogram_print(FILE *file, const struct histogram *h) {
  fprintf(
      file, "\"p50_us\":%.1f,\"p99_us\":%.1f,\"least_us\":%.1f,\"most_us\":%.1f", histogram_quantile(h, 0.5) / 1e3,
      histogram_quantile(h, 0.99) / 1e3, (double)h->least / 1e3, (double)h->most / 1e3);
}

/* ---- the machine ---- */

struct machine machine_now(void) {
  struct machine machine = {.at = now_ns()};
  unsigned long long user, nice, system, idle, waiting, interrupts, soft, stolen;
  FILE *file = fopen("/proc/stat", "r");
  if (file == NULL) return machine;
  if (fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice, &system, &idle, &waiting, &interrupts,
             &soft, &stolen) == 8) {
    uint64_t tick = second / (uint64_t)sysconf(_SC_CLK_TCK);
    machine.busy = (user + nice + system + interrupts + soft) * tick;
    machine.stolen = stolen * tick;
  }
  fclose(file);
  return machine;
}

void machine_print(FILE *file, struct machine from, struct machine to) {
  double wall = (double)(to.at - from.at) / 100;
  fprintf(
      file, "\"machine_busy_pct\":%.1f,\"steal_pct\":%.1f", (double)(to.busy - from.busy) / wall,
      (double)(to.stolen - from.stolen) / wall);
}

uint64_t pacer_wait(struct pacer *pacer, uint64_t i) {
  uint64_t due = pacer->start + i * pacer->step, now = now_ns();
  if (now < due) {
    sleep_until(due);
    return now_ns();
  }
  if (now <= due + pacer->step) return now;
  pacer->late++;
  return due;
}

/* ---- text ---- */

size_t unescape(const char *from, char *to) {
  char *start = to;
  while (*from) {
    if (*from != '\\' || from[1] == 0) {
      *to++ = *from++;
      continue;
    }
    char kind = from[1];
    from += 2;
    if (kind == 'x' && from[0] && from[1]) {
      char digits[3] = {from[0], from[1], 0};
      *to++ = (char)strtol(digits, NULL, 16);
      from += 2;
    } else {
      *to++ = kind == 'n' ? '\n' : kind == 'r' ? '\r' : kind == 't' ? '\t' : kind;
    }
  }
  *to = 0;
  return (size_t)(to - start);
}

uint64_t read_number(const char **at, const char *end) {
  uint64_t number = 0;
  const char *p = *at;
  while (p < end && *p >= '0' && *p <= '9') number = number * 10 + (uint64_t)(*p++ - '0');
  *at = p;
  return number;
}

char *put_number(char *at, uint64_t number) {
  char digits[20];
  int count = 0;
  do digits[count++] = (char)('0' + number % 10);
  while (number /= 10);
  while (count > 0) *at++ = digits[--count];
  return at;
}

int write_all(int fd, const void *bytes, size_t count) {
  const char *p = bytes;
  while (count > 0) {
    ssize_t written = write(fd, p, count);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return -1;
    p += written;
    count -= (size_t)written;
  }
  return 0;
}

void *shared_memory(size_t size) {
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) die("no memory");
  return memory;
}

/* ---- sockets ---- */

static struct sockaddr_un unix_address(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    die("%s", path);
  }
  strcpy(address.sun_path, path);
  return address;
}

int listen_unix(const char *path) {
  struct sockaddr_un address = unix_address(path);
  unlink(path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 4096)) die("%s", path);
  return fd;
}

static int connect_patiently(int family, const void *address, socklen_t size, const char *name) {
  for (int attempt = 0; attempt < 1000 && !stopped; attempt++) {
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) die("%s", name);
    if (connect(fd, address, size) == 0) return fd;
    close(fd);
    sleep_ns(10000000);
  }
  die("no connection to %s", name);
}

int connect_unix(const char *path) {
  struct sockaddr_un address = unix_address(path);
  return connect_patiently(AF_UNIX, &address, sizeof address, path);
}

int connect_tcp(const char *host_and_port) {
  char host[64];
  const char *colon = strrchr(host_and_port, ':');
  if (colon == NULL) {
    errno = EINVAL;
    die("%s is no HOST:PORT", host_and_port);
  }
  snprintf(host, sizeof host, "%.*s", (int)(colon - host_and_port), host_and_port);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(colon + 1))};
  inet_pton(AF_INET, host, &address.sin_addr);
  return connect_patiently(AF_INET, &address, sizeof address, host_and_port);
}
