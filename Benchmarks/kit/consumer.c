/* consumer: reads a program's lines over many connections, and counts.

   Each process of --processes holds its share of the --clients connections, says --hello on each and reads lines. A
   line that holds --key holds readings: the number behind the key, or all numbers of the list where the key ends with
   "[". A number is the time at which the source sent the reading; with --map its place in the file with these times.
   Numbers in a row (--sequence KEY for those of the first kind) show what came twice.

   At the end, when nothing has come for --idle seconds, one JSON object: how many readings came to all, to the worst
   and to the best served connection, how many twice, and how long they took. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "kit.h"

enum { map_places = 1 << 22, room = 1 << 16, longest_hello = 4096 };

struct options {
  const char *unix_path, *tcp, *tty, *key, *sequence_key, *map, *ready_file;
  char hello[longest_hello];
  size_t hello_length, key_length, sequence_length;
  int clients, processes, is_list;
  double seconds, idle;
  uint64_t warm;
};

/* What one connection got. */
struct account {
  uint64_t readings, repeated, without_time;
};

/* What one process did; in memory that all share. */
struct share {
  _Atomic int is_ready;
  uint64_t first, last, cpu, closed, overlong;
  struct histogram latency;
};

struct connection {
  int fd;
  struct account *account;
  uint64_t newest;
  int has_newest;
  size_t length;
  char bytes[room];
};

static struct options options = {.key = "\"t\":", .clients = 1, .seconds = 5, .idle = 1};
static const _Atomic uint64_t *map;

static int open_tty(const char *path) {
  int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
  struct termios line;
  if (fd < 0 || tcgetattr(fd, &line)) die("%s", path);
  cfmakeraw(&line);
  tcsetattr(fd, TCSANOW, &line);
  return fd;
}

static struct connection *connect_one(struct account *account) {
  struct connection *connection = calloc(1, sizeof *connection);
  if (connection == NULL) die("no memory");
  connection->account = account;
  connection->fd = options.tty ? open_tty(options.tty)
                               : options.unix_path ? connect_unix(options.unix_path) : connect_tcp(options.tcp);
  if (write_all(connection->fd, options.hello, options.hello_length)) die("hello");
  return connection;
}

static void take_sequence(struct connection *connection, uint64_t number) {
  if (connection->has_newest && number <= connection->newest) connection->account->repeated++;
  connection->newest = number;
  connection->has_newest = 1;
}

static void take_reading(struct connection *connection, struct share *share, uint64_t number, uint64_t now) {
  struct account *account = connection->account;
  uint64_t sent = number;
  if (map) {
    take_sequence(connection, number);
    sent = atomic_load_explicit(&map[number % map_places], memory_order_acquire);
  }
  account->readings++;
  if (share->first == 0) share->first = now;
  share->last = now;
  if (sent == 0 || sent > now) account->without_time++;
  else if (account->readings > options.warm) histogram_add(&share->latency, now - sent);
}

static void take_line(
    struct connection *connection, struct share *share, const char *line, const char *end, uint64_t now) {
  const char *at = memmem(line, (size_t)(end - line), options.key, options.key_length);
  if (at == NULL) return;
  at += options.key_length;
  for (;;) {
    while (at < end && (*at == ' ' || *at == '"')) at++;
    const char *digits = at;
    uint64_t number = read_number(&at, end);
    if (at == digits) break;
    take_reading(connection, share, number, now);
    /* Decimals say nothing more. */
    while (at < end && *at != ',' && *at != ']') at++;
    if (!options.is_list || at == end || *at == ']') break;
    at++;
  }
  if (options.sequence_key == NULL || map) return;
  at = memmem(line, (size_t)(end - line), options.sequence_key, options.sequence_length);
  if (at == NULL) return;
  at += options.sequence_length;
  take_sequence(connection, read_number(&at, end));
}

/* Reads once. Returns -1 when the other side has closed. */
static int take_bytes(struct connection *connection, struct share *share) {
  ssize_t count = read(connection->fd, connection->bytes + connection->length, room - connection->length);
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return 0;
  if (count <= 0) return -1;
  uint64_t now = now_ns();
  const char *line = connection->bytes, *end = connection->bytes + connection->length + count, *newline;
  while ((newline = memchr(line, '\n', (size_t)(end - line)))) {
    take_line(connection, share, line, newline, now);
    line = newline + 1;
  }
  connection->length = (size_t)(end - line);
  if (connection->length == room) {
    share->overlong++;
    connection->length = 0;
  }
  memmove(connection->bytes, line, connection->length);
  return 0;
}

static void read_all(struct share *share, struct account *accounts, int clients) {
  int poller = epoll_create1(EPOLL_CLOEXEC), open_ones = clients;
  for (int i = 0; i < clients; i++) {
    struct connection *connection = connect_one(&accounts[i]);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    epoll_ctl(poller, EPOLL_CTL_ADD, connection->fd, &event);
  }
  uint64_t cpu = own_cpu_ns(), end = now_ns() + (uint64_t)(options.seconds * 1e9);
  atomic_store(&share->is_ready, 1);
  while (!stopped && open_ones > 0) {
    uint64_t now = now_ns();
    if (now >= end) break;
    double patience = (double)(end - now) / 1e9;
    if (share->first != 0 && options.idle < patience) patience = options.idle;
    struct epoll_event events[64];
    int count = epoll_wait(poller, events, 64, (int)(patience * 1000) + 1);
    if (count == 0 && share->first != 0) break;
    for (int i = 0; i < count; i++) {
      struct connection *connection = events[i].data.ptr;
      if (take_bytes(connection, share) == 0) continue;
      close(connection->fd);
      share->closed++;
      open_ones--;
    }
  }
  share->cpu = own_cpu_ns() - cpu;
}

static void print(const struct share *shares, const struct account *accounts, struct machine from, struct machine to) {
  static struct histogram latency;
  uint64_t readings = 0, least = UINT64_MAX, most = 0, repeated = 0, without_time = 0;
  uint64_t first = UINT64_MAX, last = 0, cpu = 0, closed = 0, overlong = 0;
  for (int i = 0; i < options.clients; i++) {
    readings += accounts[i].readings;
    repeated += accounts[i].repeated;
    without_time += accounts[i].without_time;
    if (accounts[i].readings < least) least = accounts[i].readings;
    if (accounts[i].readings > most) most = accounts[i].readings;
  }
  for (int i = 0; i < options.processes; i++) {
    if (shares[i].first != 0 && shares[i].first < first) first = shares[i].first;
    if (shares[i].last > last) last = shares[i].last;
    cpu += shares[i].cpu;
    closed += shares[i].closed;
    overlong += shares[i].overlong;
    histogram_merge(&latency, &shares[i].latency);
  }
  double seconds = last > first ? (double)(last - first) / 1e9 : 0;
  printf(
      "{\"clients\":%d,\"processes\":%d,\"readings\":%llu,\"least\":%llu,\"most\":%llu,\"repeated\":%llu,"
      "\"without_time\":%llu,\"overlong\":%llu,\"closed\":%llu,\"seconds\":%.4f,\"delivered_per_s\":%.0f,"
      "\"cpu_seconds\":%.4f,",
      options.clients, options.processes, (unsigned long long)readings, (unsigned long long)least,
      (unsigned long long)most, (unsigned long long)repeated, (unsigned long long)without_time,
      (unsigned long long)overlong, (unsigned long long)closed, seconds,
      seconds > 0 ? (double)readings / seconds : 0.0, (double)cpu / 1e9);
  histogram_print(stdout, &latency);
  printf(",");
  machine_print(stdout, from, to);
  printf("}\n");
}

static void read_options(int count, char **words) {
  static const struct option names[] = {
      {"unix", 1, 0, 'u'},      {"tcp", 1, 0, 't'},      {"tty", 1, 0, 'y'},        {"clients", 1, 0, 'n'},
      {"processes", 1, 0, 'p'}, {"hello", 1, 0, 'h'},    {"key", 1, 0, 'k'},        {"map", 1, 0, 'm'},
      {"secs", 1, 0, 's'},      {"idle", 1, 0, 'i'},     {"warm", 1, 0, 'w'},       {"sequence", 1, 0, 'q'},
      {"ready-file", 1, 0, 'r'}, {0, 0, 0, 0}};
  int name;
  while ((name = getopt_long(count, words, "", names, NULL)) != -1) switch (name) {
    case 'u': options.unix_path = optarg; break;
    case 't': options.tcp = optarg; break;
    case 'y': options.tty = optarg; break;
    case 'n': options.clients = atoi(optarg); break;
    case 'p': options.processes = atoi(optarg); break;
    case 'h':
      if (strlen(optarg) < longest_hello) options.hello_length = unescape(optarg, options.hello);
      break;
    case 'k': options.key = optarg; break;
    case 'q': options.sequence_key = optarg; break;
    case 'm': options.map = optarg; break;
    case 's': options.seconds = atof(optarg); break;
    case 'i': options.idle = atof(optarg); break;
    case 'w': options.warm = strtoull(optarg, NULL, 10); break;
    case 'r': options.ready_file = optarg; break;
    default: exit(2);
    }
  if (!options.unix_path && !options.tcp && !options.tty) {
    fprintf(
        stderr, "usage: consumer --unix PATH|--tcp HOST:PORT|--tty PATH [--clients N] [--processes P]\n"
                "                [--hello TEXT] [--key KEY] [--map FILE] [--sequence KEY] [--secs S] [--idle S]\n"
                "                [--warm N] [--ready-file FILE]\n");
    exit(2);
  }
  if (options.clients < 1) options.clients = 1;
  if (options.processes < 1 || options.processes > options.clients) options.processes = options.clients;
  options.key_length = strlen(options.key);
  options.sequence_length = options.sequence_key ? strlen(options.sequence_key) : 0;
  options.is_list = options.key_length > 0 && options.key[options.key_length - 1] == '[';
}

int main(int count, char **words) {
  read_options(count, words);
  catch_signals();
  if (options.map) {
    int fd = open(options.map, O_RDONLY | O_CLOEXEC);
    if (fd < 0) die("%s", options.map);
    map = mmap(NULL, map_places * sizeof(uint64_t), PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED) die("%s", options.map);
  }
  struct share *shares = shared_memory(sizeof *shares * (size_t)options.processes);
  struct account *accounts = shared_memory(sizeof *accounts * (size_t)options.clients);
  pid_t *children = calloc((size_t)options.processes, sizeof *children);
  for (int i = 0; i < options.processes; i++) {
    int from = (int)((long)options.clients * i / options.processes);
    int to = (int)((long)options.clients * (i + 1) / options.processes);
    children[i] = fork();
    if (children[i] < 0) die("fork");
    if (children[i] == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      read_all(&shares[i], &accounts[from], to - from);
      _exit(0);
    }
  }
  for (int i = 0; i < options.processes; i++)
    while (!stopped && !atomic_load(&shares[i].is_ready)) {
      /* One that could not connect has said why. */
      if (waitpid(children[i], NULL, WNOHANG) == children[i]) stopped = 1;
      sleep_ns(2000000);
    }
  struct machine from = machine_now();
  if (options.ready_file) close(open(options.ready_file, O_CREAT | O_WRONLY | O_CLOEXEC, 0666));
  for (int i = 0; i < options.processes; i++)
    while (waitpid(children[i], NULL, 0) < 0 && errno == EINTR) kill(children[i], SIGTERM);
  print(shares, accounts, from, machine_now());
  return 0;
}
