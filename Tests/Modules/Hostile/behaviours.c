/* Every way in which hostile misbehaves. */
#define _GNU_SOURCE
#include "parts.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

/* MARK: Ways to die */

/* As a Swift trap does: an illegal instruction. */
static void trap(hostile *it, int64_t now_us) {
  (void)it;
  (void)now_us;
  __builtin_trap();
}

static void segfault(hostile *it, int64_t now_us) {
  (void)it;
  (void)now_us;
  volatile uintptr_t nowhere = 8;
  *(volatile int *)nowhere = 1;
}

static void leave(hostile *it, int64_t now_us) {
  (void)it;
  (void)now_us;
  exit(3);
}

static void give_up(hostile *it, int64_t now_us) {
  (void)it;
  (void)now_us;
  abort();
}

static void kill_the_hub(hostile *it, int64_t now_us) {
  (void)it;
  (void)now_us;
  kill(getppid(), SIGKILL);
  kill(0, SIGKILL);
}

/* A child goes on in its place: in a process group of its own, with the link and the instrument open. */
static void leave_a_child(hostile *it, int64_t now_us) {
  (void)it;
  (void)now_us;
  if (fork() == 0) {
    prctl(PR_SET_PDEATHSIG, 0);
    setsid();
    for (;;) pause();
  }
  _exit(4);
}

static void hang(hostile *it, int64_t now_us) {
  (void)it;
  (void)now_us;
  for (volatile int forever = 1; forever;) continue;
}

/* MARK: Too much */

static void flood(hostile *it, int64_t now_us) {
  for (int i = 0; i < 5000000; i++) send_force(it, i & 255, now_us);
}

/* Without end, and without giving time a chance to pass: each wake-up asks for the next at once. */
static void flood_and_ask_again(hostile *it, int64_t now_us) {
  static const double values[4096];
  thenar_samples samples = {
      .struct_size = sizeof samples,
      .channel = FORCE,
      .count = 4096,
      .values = values,
      .time_us = now_us,
      .device_time_us = THENAR_NO_TIME,
  };
  it->host->samples(it->host->context, &samples);
  it->host->wake_at(it->host->context, now_us);
}

/* Descriptor 3 is the worker's link to the hub: a library in the worker's process can reach it. */
static void rubbish(hostile *it, int64_t now_us) {
  (void)it;
  (void)now_us;
  uint8_t bytes[4096];
  uint32_t random = 2463534242u;
  for (size_t i = 0; i < sizeof bytes; i++) {
    random ^= random << 13;
    random ^= random >> 17;
    random ^= random << 5;
    bytes[i] = (uint8_t)random;
  }
  ssize_t written = write(3, bytes, sizeof bytes);
  (void)written; /* a link that is full or closed is not its trouble */
}

/* Within the contract, each of them; together without bound. */
static void long_events(hostile *it, int64_t now_us) {
  static char long_text[4096];
  static thenar_field fields[8];
  memset(long_text, '\\', sizeof long_text);
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    static const char keys[] = "abcdefgh";
    fields[i] = (thenar_field){.key = {keys + i, 1}, .kind = THENAR_FIELD_TEXT, .text = {long_text, sizeof long_text}};
  }
  thenar_event event = {
      .struct_size = sizeof event,
      .name = text("device.told"),
      .time_us = now_us,
      .device_time_us = THENAR_NO_TIME,
      .fields = fields,
      .field_count = sizeof fields / sizeof *fields,
  };
  for (int i = 0; i < 4; i++) it->host->event(it->host->context, &event);
}

static void bursts_of_events(hostile *it, int64_t now_us) {
  thenar_event event = {
      .struct_size = sizeof event,
      .name = text("device.told"),
      .time_us = now_us,
      .device_time_us = THENAR_NO_TIME,
  };
  for (int i = 0; i < 2000; i++) it->host->event(it->host->context, &event);
}

static void renamed_channels(hostile *it, int64_t now_us) {
  for (int i = 0; i < 20; i++) {
    char name[64];
    int length = snprintf(name, sizeof name, "channel-of-a-name-that-never-comes-again-%u", it->names++);
    thenar_channel channel = {
        .struct_size = sizeof channel,
        .number = 1,
        .name = {name, (size_t)length},
        .quantity = {name, (size_t)length},
        .unit = text("N"),
        .maximum = 1,
        .resolution = 1,
    };
    it->host->channel(it->host->context, &channel);
    double one = 1;
    thenar_samples samples = {
        .struct_size = sizeof samples,
        .channel = 1,
        .count = 1,
        .values = &one,
        .time_us = now_us,
        .device_time_us = THENAR_NO_TIME,
    };
    it->host->samples(it->host->context, &samples);
  }
}

/* 20,000 samples a second, each one more than the one before: what soaks and floods of readings are made of. */
static void fast(hostile *it, int64_t now_us) {
  enum { MOST = 4096, INTERVAL_US = 50, TURN_US = 5000 };
  static double values[MOST];
  if (it->fast_since == 0) it->fast_since = now_us;
  uint64_t due = (uint64_t)(now_us - it->fast_since) / INTERVAL_US;
  while (it->fast_count < due) {
    size_t count = due - it->fast_count < MOST ? (size_t)(due - it->fast_count) : MOST;
    for (size_t i = 0; i < count; i++) values[i] = (double)(it->fast_count + i);
    thenar_samples samples = {
        .struct_size = sizeof samples,
        .channel = FORCE,
        .count = count,
        .values = values,
        .time_us = it->fast_since + (int64_t)it->fast_count * INTERVAL_US,
        .interval_us = INTERVAL_US,
        .device_time_us = THENAR_NO_TIME,
    };
    it->host->samples(it->host->context, &samples);
    it->fast_count += count;
  }
  it->host->wake_at(it->host->context, now_us + TURN_US);
}

/* MARK: Lies */

static const thenar_text not_utf8 = {"\xff\xfe force \xc3", 10};
static const thenar_text nowhere = {NULL, 5};

static void bad_channels(hostile *it) {
  const thenar_text names[] = {not_utf8, nowhere, {NULL, 0}, {"a b\n", 4}, {"force", 5}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    thenar_channel channel = {
        .struct_size = sizeof channel,
        .number = i < 3 ? 1 : 64,
        .name = names[i],
        .quantity = names[i],
        .unit = names[i],
        .minimum = 10,
        .maximum = -INFINITY,
        .resolution = -1,
        .interval_us = -1,
        .uncertainty_us = INT64_MIN,
    };
    it->host->channel(it->host->context, &channel);
  }
  it->host->channel(it->host->context, NULL);
}

static void bad_samples(hostile *it, int64_t now_us) {
  static const double values[] = {NAN, INFINITY, -INFINITY, 1e308};
  static const uint32_t quality[] = {0xffffffff, 0, 1u << 31, 4};
  static const int64_t falling[] = {0, INT64_MAX, -5, INT64_MIN};
  const thenar_samples good = {
      .struct_size = sizeof good,
      .channel = FORCE,
      .count = 4,
      .values = values,
      .time_us = now_us,
      .interval_us = 10,
      .device_time_us = THENAR_NO_TIME,
  };
  thenar_samples bad[12];
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) bad[i] = good;
  bad[0].channel = 7;
  bad[1].channel = UINT32_MAX;
  bad[2].count = SIZE_MAX;
  bad[3].count = 4097;
  bad[4].count = 0;
  bad[5].values = NULL;
  bad[6].offsets_us = falling;
  bad[7].time_us = now_us - 3600000000; /* an hour ago, after what was sent already */
  bad[8].time_us = INT64_MAX;
  bad[9].interval_us = INT64_MIN;
  bad[10].struct_size = 0;
  bad[11].quality = quality;

  bad_channels(it);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) it->host->samples(it->host->context, &bad[i]);
  it->host->samples(it->host->context, NULL);
  it->host->lost(it->host->context, 7, UINT64_MAX, not_utf8);
  it->host->tally(it->host->context, nowhere, UINT64_MAX);
}

static void bad_events(hostile *it, int64_t now_us) {
  static const char long_raw[1 << 20];
  thenar_field fields[1000];
  for (size_t i = 0; i < 1000; i++) {
    thenar_field field = {.key = not_utf8, .kind = (uint32_t)(i % 6), .integer = (INT64_C(1) << 53) + 1, .number = NAN,
                          .text = i % 2 ? nowhere : not_utf8};
    fields[i] = field;
  }
  const thenar_event bad[] = {
      {.struct_size = sizeof *bad, .name = {"trial.stopped", 13}, .fields = fields, .field_count = 1000},
      {.struct_size = sizeof *bad, .name = {"trial.stopped", 13}, .fields = fields, .field_count = 6},
      {.struct_size = sizeof *bad, .name = {"trial.stopped", 13}, .fields = NULL, .field_count = 3},
      {.struct_size = sizeof *bad, .name = {"trial.stopped", 13}, .uncertainty_us = -1, .quality = UINT32_MAX},
      {.struct_size = sizeof *bad, .name = {"trial.stopped", 13}, .raw = {long_raw, sizeof long_raw}},
      {.struct_size = sizeof *bad, .name = not_utf8},
      {.struct_size = sizeof *bad, .name = nowhere},
      {.struct_size = sizeof *bad, .name = {NULL, 0}},
      {.struct_size = 1, .name = {"trial.stopped", 13}},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    thenar_event event = bad[i];
    event.time_us = now_us - (int64_t)i * 1000000; /* backwards */
    event.device_time_us = THENAR_NO_TIME;
    it->host->event(it->host->context, &event);
  }
  it->host->event(it->host->context, NULL);
  it->host->fault(it->host->context, 99, not_utf8, nowhere);
  it->host->ready(it->host->context);
}

/* MARK: Commands */

/* After ten more bytes have come. */
static void answer_late(hostile *it, uint64_t number, int64_t now_us) {
  (void)now_us;
  it->late_command = number;
  it->late_in = 10;
}

/* Twice, differently, and for a command that nobody gave. */
static void answer_badly(hostile *it, uint64_t number, int64_t now_us) {
  (void)now_us;
  it->host->outcome(it->host->context, number + 1000, text(""));
  it->host->outcome(it->host->context, number, not_utf8);
  it->host->outcome(it->host->context, number, text(""));
}

static const behaviour behaviours[] = {
    {.name = "good"},
    {.name = "trap", .once = trap},
    {.name = "segfault", .once = segfault},
    {.name = "exit", .once = leave},
    {.name = "leave-a-child", .once = leave_a_child},
    {.name = "hang", .once = hang},
    {.name = "flood", .once = flood},
    {.name = "wake-flood", .once = flood_and_ask_again, .wake = flood_and_ask_again},
    {.name = "rubbish", .once = rubbish},
    {.name = "abort", .once = give_up},
    {.name = "kill-hub", .once = kill_the_hub},
    {.name = "attempts", .once = try_everything},
    {.name = "bad-samples", .once = bad_samples},
    {.name = "bad-events", .once = bad_events},
    {.name = "long-events", .each = long_events},
    {.name = "bursts-of-events", .each = bursts_of_events},
    {.name = "renamed-channels", .each = renamed_channels},
    {.name = "fast", .once = fast, .wake = fast, .silent = true},
    {.name = "silent", .silent = true},
    {.name = "late-outcome", .command = answer_late},
    {.name = "bad-outcome", .command = answer_badly},
};

const behaviour *behaviour_named(const char *name) {
  for (size_t i = 0; i < sizeof behaviours / sizeof *behaviours; i++) {
    if (strcmp(behaviours[i].name, name) == 0) return &behaviours[i];
  }
  return NULL;
}
