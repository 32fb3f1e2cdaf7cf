/* The instrument of hostile: one byte every 50 ms, counting from 0 to 255 and again. */
#include "parts.h"

#include <stdlib.h>

enum { PERIOD_US = 50000 };

typedef struct emulator {
  const thenar_emulator_host *host;
  int64_t next_us;
  uint8_t byte;
} emulator;

static void *create(void *context, const thenar_emulator_host *host, const thenar_setup *setup) {
  (void)context;
  (void)setup;
  emulator *it = calloc(1, sizeof *it);
  if (it == NULL) {
    host->refuse(host->context, text("There is no memory left: free some."));
  } else {
    it->host = host;
  }
  return it;
}

static void connected(void *instance, int64_t now_us) {
  emulator *it = instance;
  it->next_us = now_us + PERIOD_US;
  it->host->wake_at(it->host->context, it->next_us);
}

static void receive(void *instance, const uint8_t *bytes, size_t count, int64_t now_us) {
  (void)instance;
  (void)bytes;
  (void)count;
  (void)now_us;
}

static void wake(void *instance, int64_t now_us) {
  (void)now_us;
  emulator *it = instance;
  it->host->send(it->host->context, &it->byte, 1);
  it->byte++;
  it->next_us += PERIOD_US;
  it->host->wake_at(it->host->context, it->next_us);
}

static void destroy(void *instance) { free(instance); }

const thenar_emulator hostile_emulator = {
    .struct_size = sizeof hostile_emulator,
    .create = create,
    .connected = connected,
    .receive = receive,
    .wake = wake,
    .destroy = destroy,
};
