/* kit.h: the clock, the histogram and the accounts that all programs of the measuring kit share. */
#ifndef THENAR_KIT_H
#define THENAR_KIT_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* CLOCK_MONOTONIC in nanoseconds: the one clock of all stamps. */
uint64_t now_ns(void);
void sleep_ns(uint64_t ns);
void sleep_until(uint64_t ns);

/* Ends the program with a sentence and what errno says. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Set by SIGTERM and SIGINT, once `catch_signals` was called. */
extern volatile sig_atomic_t stopped;
void catch_signals(void);

/* Histogram of nanoseconds with 128 steps an octave: a figure read from it is wrong by less than 0.8 %. */
enum { histogram_bits = 7, histogram_size = (65 - histogram_bits) << histogram_bits };
struct histogram {
  uint64_t count, least, most;
  uint32_t steps[histogram_size];
};
void histogram_add(struct histogram *h, uint64_t ns);
void histogram_merge(struct histogram *into, const struct histogram *from);
/* The value below which the part `share` of all lie, 0 to 1. */
double histogram_quantile(const struct histogram *h, double share);
/* "p50_us":..,"p99_us":..,"least_us":..,"most_us":.. */
void histogram_print(FILE *file, const struct histogram *h);

/* Time of the processor that this process has taken, all threads. */
uint64_t own_cpu_ns(void);

/* What the whole machine has been doing since it was started. */
struct machine {
  uint64_t at, busy, stolen;
};
struct machine machine_now(void);
/* "machine_busy_pct":..,"steal_pct":.. in percent of ONE core. */
void machine_print(FILE *file, struct machine from, struct machine to);

/* Ticks at a steady rate. */
struct pacer {
  uint64_t start, step, late;
};
/* Waits for tick `i` and returns the time to stamp it with: the time of sending; or the planned time, where the sender
   itself is more than a tick behind. Otherwise a slow sender would hide the wait that it causes. */
uint64_t pacer_wait(struct pacer *pacer, uint64_t i);

/* Turns \n \r \t \xHH of a command line into bytes; returns how many. `to` is as large as `from`. */
size_t unescape(const char *from, char *to);
/* Reads a decimal number; `*at` is behind its digits afterwards. Returns 0 and does not move where there is none. */
uint64_t read_number(const char **at, const char *end);
/* Writes a decimal number; returns where it ends. */
char *put_number(char *at, uint64_t number);
/* All of it, whatever a single write takes. Returns 0, or -1 with errno. */
int write_all(int fd, const void *bytes, size_t count);
/* Memory that this process shares with those that it forks. */
void *shared_memory(size_t size);

int listen_unix(const char *path);
/* Try until it works, for ten seconds; then die. */
int connect_unix(const char *path);
int connect_tcp(const char *host_and_port);

#endif
