/* fanout_floor: what the kernel alone costs. One producer writes every line to so many sockets; nothing stands between.

   Lines have their due times. What is due when the producer gets to it goes out in one write for each consumer, as any
   program would do that cannot keep up with single lines. */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit.h"

/* A line is as long as a record of refd. */
enum { line_length = 200, most_due = 1024, room = 1 << 16 };
static const char stamp_key[] = "\"t\":";

struct share {
  _Atomic int is_ready;
  uint64_t lines, cpu;
  struct histogram latency;
};

struct connection {
  int fd;
  size_t length;
  char bytes[room];
};

static void make_line(char *line, uint64_t number, uint64_t stamp) {
  memset(line, 'x', line_length);
  memcpy(line, "{\"seq\":", 7);
  char *at = put_number(line + 7, number);
  memcpy(at, ",\"t\":", 5);
  at = put_number(at + 5, stamp);
  memcpy(at, ",\"pad\":\"", 8);
  memcpy(line + line_length - 3, "\"}\n", 3);
}

/* Returns -1 at the end of the stream. */
static int take_bytes(struct connection *connection, struct share *share, uint64_t warm) {
  ssize_t count = read(connection->fd, connection->bytes + connection->length, room - connection->length);
  if (count <= 0) return -1;
  uint64_t now = now_ns();
  const char *line = connection->bytes, *end = connection->bytes + connection->length + count, *newline;
  while ((newline = memchr(line, '\n', (size_t)(end - line)))) {
    const char *at = memmem(line, (size_t)(newline - line), stamp_key, sizeof stamp_key - 1);
    if (at) {
      at += sizeof stamp_key - 1;
      uint64_t sent = read_number(&at, newline);
      if (++share->lines > warm) histogram_add(&share->latency, now > sent ? now - sent : 0);
    }
    line = newline + 1;
  }
  connection->length = (size_t)(end - line);
  memmove(connection->bytes, line, connection->length);
  return 0;
}

static void consume(const char *path, int clients, struct share *share, uint64_t warm) {
  int poller = epoll_create1(EPOLL_CLOEXEC), open_ones = clients;
  for (int i = 0; i < clients; i++) {
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) die("no memory");
    connection->fd = connect_unix(path);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    epoll_ctl(poller, EPOLL_CTL_ADD, connection->fd, &event);
  }
  uint64_t cpu = own_cpu_ns();
  atomic_store(&share->is_ready, 1);
  while (open_ones > 0) {
    struct epoll_event events[64];
    int count = epoll_wait(poller, events, 64, -1);
    for (int i = 0; i < count; i++) {
      struct connection *connection = events[i].data.ptr;
      if (take_bytes(connection, share, warm) == 0) continue;
      close(connection->fd);
      open_ones--;
    }
  }
  share->cpu = own_cpu_ns() - cpu;
}

/* Returns how many lines it sent. */
static uint64_t produce(const int *fds, int clients, double rate, double seconds) {
  static char lines[most_due * line_length];
  uint64_t start = now_ns() + 1000000, end = start + (uint64_t)(seconds * 1e9), step = (uint64_t)(1e9 / rate), sent = 0;
  for (;;) {
    sleep_until(start + sent * step);
    uint64_t now = now_ns();
    if (now >= end || stopped) return sent;
    uint64_t due = (now - start) / step + 1 - sent;
    if (due > most_due) due = most_due;
    /* Alone and in time: the time of sending. Else the planned one, so that waiting is not hidden. */
    for (uint64_t i = 0; i < due; i++)
      make_line(lines + i * line_length, sent + i, due == 1 ? now : start + (sent + i) * step);
    for (int i = 0; i < clients; i++)
      if (write_all(fds[i], lines, due * line_length)) die("write");
    sent += due;
  }
}

int main(int count, char **words) {
  const char *path = NULL;
  int clients = 1, processes = 0, name;
  double rate = 1000, seconds = 3;
  static const struct option names[] = {{"listen", 1, 0, 'l'},    {"clients", 1, 0, 'n'}, {"processes", 1, 0, 'p'},
                                        {"rate", 1, 0, 'r'}, {"secs", 1, 0, 's'},    {0, 0, 0, 0}};
  while ((name = getopt_long(count, words, "", names, NULL)) != -1) switch (name) {
    case 'l': path = optarg; break;
    case 'n': clients = atoi(optarg); break;
    case 'p': processes = atoi(optarg); break;
    case 'r': rate = atof(optarg); break;
    case 's': seconds = atof(optarg); break;
    default: return 2;
    }
  if (path == NULL || clients < 1 || rate <= 0) {
    fprintf(stderr, "usage: fanout_floor --listen SOCKET [--clients N] [--processes P] [--rate R] [--secs S]\n");
    return 2;
  }
  if (processes < 1 || processes > clients) processes = clients;
  prctl(PR_SET_TIMERSLACK, 1UL);
  catch_signals();
  int listener = listen_unix(path);
  struct share *shares = shared_memory(sizeof *shares * (size_t)processes);
  pid_t *children = calloc((size_t)processes, sizeof *children);
  for (int i = 0; i < processes; i++) {
    int from = (int)((long)clients * i / processes), to = (int)((long)clients * (i + 1) / processes);
    /* A fifth of a second of each connection is not in the figures: caches are cold. */
    uint64_t warm = (uint64_t)(rate / 5) * (uint64_t)(to - from);
    children[i] = fork();
    if (children[i] < 0) die("fork");
    if (children[i] == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      close(listener);
      consume(path, to - from, &shares[i], warm);
      _exit(0);
    }
  }
  int *fds = calloc((size_t)clients, sizeof *fds);
  for (int i = 0; i < clients; i++)
    while ((fds[i] = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) < 0) {
      if (stopped) die("stopped");
      sleep_ns(1000000);
    }
  for (int i = 0; i < processes; i++)
    while (!atomic_load(&shares[i].is_ready)) sleep_ns(2000000);
  sleep_ns(100000000);

  struct machine from = machine_now();
  uint64_t cpu = own_cpu_ns(), begin = now_ns(), sent = produce(fds, clients, rate, seconds);
  double took = (double)(now_ns() - begin) / 1e9;
  cpu = own_cpu_ns() - cpu;
  for (int i = 0; i < clients; i++) close(fds[i]);
  for (int i = 0; i < processes; i++) waitpid(children[i], NULL, 0);
  struct machine to = machine_now();
  unlink(path);

  static struct histogram latency;
  uint64_t lines = 0, consumers_cpu = 0;
  for (int i = 0; i < processes; i++) {
    lines += shares[i].lines;
    consumers_cpu += shares[i].cpu;
    histogram_merge(&latency, &shares[i].latency);
  }
  printf(
      "{\"lines\":%llu,\"readings\":%llu,\"seconds\":%.3f,\"delivered_per_s\":%.0f,\"cpu_seconds\":%.4f,"
      "\"consumers_cpu_seconds\":%.4f,",
      (unsigned long long)sent, (unsigned long long)lines, took, (double)lines / took, (double)cpu / 1e9,
      (double)consumers_cpu / 1e9);
  histogram_print(stdout, &latency);
  printf(",");
  machine_print(stdout, from, to);
  printf("}\n");
  return 0;
}
