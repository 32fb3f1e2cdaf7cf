/* A module as it was built with the header of the first contract, thenar_driver_1.h, which is never changed again. */
#include "first_contract.h"
#include "thenar_driver_1.h"

#include <math.h>
#include <stdlib.h>

#define TEXT(literal) {literal, sizeof(literal) - 1}

typedef struct instance {
  const thenar_host *host;
} instance;

static void *create(void *context, const thenar_host *host, const thenar_setup *setup) {
  (void)context;
  (void)setup;
  instance *it = malloc(sizeof *it);
  if (it) it->host = host;
  return it;
}

static void start(void *made, int64_t now_us) {
  (void)now_us;
  const thenar_host *host = ((instance *)made)->host;
  thenar_channel channel = {
      .struct_size = sizeof channel, .name = TEXT("force"), .quantity = TEXT("force"), .unit = TEXT("N"),
      .minimum = NAN, .maximum = NAN, .resolution = NAN, .interval_us = 10000};
  thenar_identity identity = {.struct_size = sizeof identity, .model = TEXT("First"), .battery_percent = NAN};
  host->channel(host->context, &channel);
  host->identify(host->context, &identity);
  host->ready(host->context);
}

static void receive(void *made, const uint8_t *bytes, size_t count, int64_t time_us) {
  const thenar_host *host = ((instance *)made)->host;
  double value = count > 0 ? bytes[0] : NAN;
  thenar_samples samples = {
      .struct_size = sizeof samples, .count = 1, .values = &value, .time_us = time_us, .device_time_us = THENAR_NO_TIME};
  thenar_event event = {
      .struct_size = sizeof event, .name = TEXT("first.heard"), .time_us = time_us, .device_time_us = THENAR_NO_TIME};
  host->samples(host->context, &samples);
  host->event(host->context, &event);
}

static void ignore(void *made, int64_t now_us) {
  (void)made;
  (void)now_us;
}

typedef struct emulated {
  const thenar_emulator_host *host;
} emulated;

static void *create_emulator(void *context, const thenar_emulator_host *host, const thenar_setup *setup) {
  (void)context;
  (void)setup;
  emulated *it = malloc(sizeof *it);
  if (it) it->host = host;
  return it;
}

static void connected(void *made, int64_t now_us) {
  (void)now_us;
  const uint8_t report[] = {42};
  const thenar_emulator_host *host = ((emulated *)made)->host;
  host->send(host->context, report, sizeof report);
}

static void receive_emulator(void *made, const uint8_t *bytes, size_t count, int64_t now_us) {
  (void)now_us;
  const thenar_emulator_host *host = ((emulated *)made)->host;
  host->send(host->context, bytes, count);
}

static const thenar_emulator emulator = {
    .struct_size = sizeof emulator, .create = create_emulator, .connected = connected, .receive = receive_emulator,
    .wake = ignore, .destroy = free};

static const thenar_driver driver = {
    .struct_size = sizeof driver, .abi_version = THENAR_DRIVER_ABI, .id = TEXT("first-contract"), .version = TEXT("1.0.0"),
    .create = create, .start = start, .receive = receive, .wake = ignore, .stop = ignore, .destroy = free,
    .emulator = &emulator};

const void *thenar_driver_first_contract(void) { return &driver; }
