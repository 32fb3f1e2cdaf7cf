/* The gauge of c-example in software: a hand that squeezes up to 200 N and lets go, once in 4 seconds. */
#include "c_example_emulator.h"

#include <stdio.h>
#include <stdlib.h>

enum { PERIOD_US = 100000, LINES_PER_SQUEEZE = 40, PEAK_TENTHS = 2000, RESTING_TENTHS = 12 };

typedef struct emulator {
  const thenar_emulator_host *host;
  int64_t next_us;
  int line;         /* within a squeeze */
  int zero_tenths;  /* what "Z" took for zero */
} emulator;

static void *create(void *context, const thenar_emulator_host *host, const thenar_setup *setup) {
  (void)context;
  (void)setup;
  emulator *it = calloc(1, sizeof *it);
  if (it == NULL) {
    thenar_text sentence = {"There is no memory left: free some.", sizeof "There is no memory left: free some." - 1};
    host->refuse(host->context, sentence);
    return NULL;
  }
  it->host = host;
  return it;
}

/* Tenths of a newton on the sensor, which rests a little above zero: that is what the command "zero" is for. */
static int force_tenths(const emulator *it) {
  int half = LINES_PER_SQUEEZE / 2;
  int squeeze = it->line < half ? it->line : LINES_PER_SQUEEZE - it->line;
  return RESTING_TENTHS + squeeze * PEAK_TENTHS / half;
}

static void connected(void *instance, int64_t now_us) {
  emulator *it = instance;
  it->next_us = now_us;
  it->host->wake_at(it->host->context, it->next_us);
}

static void wake(void *instance, int64_t now_us) {
  (void)now_us;
  emulator *it = instance;
  char line[16];
  int tenths = force_tenths(it) - it->zero_tenths;
  int count = snprintf(line, sizeof line, "%s%d.%d\n", tenths < 0 ? "-" : "", abs(tenths) / 10, abs(tenths) % 10);
  it->host->send(it->host->context, (const uint8_t *)line, (size_t)count);
  it->line = (it->line + 1) % LINES_PER_SQUEEZE;
  it->next_us += PERIOD_US;
  it->host->wake_at(it->host->context, it->next_us);
}

static void receive(void *instance, const uint8_t *bytes, size_t count, int64_t now_us) {
  (void)now_us;
  emulator *it = instance;
  for (size_t i = 0; i < count; i++) {
    if (bytes[i] != 'Z') continue;
    it->zero_tenths = force_tenths(it);
    it->host->send(it->host->context, (const uint8_t *)"OK\n", 3);
  }
}

static void destroy(void *instance) { free(instance); }

const thenar_emulator c_example_emulator = {
    .struct_size = sizeof c_example_emulator,
    .context = NULL,
    .create = create,
    .connected = connected,
    .receive = receive,
    .wake = wake,
    .destroy = destroy,
};
