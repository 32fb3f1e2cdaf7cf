/* hostile: a driver module that does what no driver may do, to test that only its own worker suffers.
 *
 * Settings: {"behaviour": "good" or a name in behaviours.c, "when": "byte" or "start"}. Its good side: every byte that
 * comes is a sample of force in newtons.
 */
#include "hostile.h"

#include "parts.h"

#include <stdlib.h>

/* Copies the text of a setting; what it holds already stays when the setting is absent. Enough for settings that only
   the tests write. */
static void read_setting(thenar_text settings, const char *quoted_key, char *value, size_t room) {
  size_t length = strlen(quoted_key);
  const char *end = settings.bytes + settings.count;
  for (const char *at = settings.bytes; (size_t)(end - at) > length; at++) {
    if (memcmp(at, quoted_key, length) != 0) continue;
    at += length;
    while (at < end && (*at == ' ' || *at == ':')) at++;
    if (at == end || *at++ != '"') return;
    size_t count = 0;
    while (at < end && *at != '"' && count + 1 < room) value[count++] = *at++;
    value[count] = '\0';
    return;
  }
}

static void *create(void *context, const thenar_host *host, const thenar_setup *setup) {
  (void)context;
  char name[32] = "good", when[8] = "byte";
  if (setup->settings.count > 0) {
    read_setting(setup->settings, "\"behaviour\"", name, sizeof name);
    read_setting(setup->settings, "\"when\"", when, sizeof when);
  }
  const behaviour *wanted = behaviour_named(name);
  bool at_start = strcmp(when, "start") == 0;
  hostile *it = wanted != NULL && (at_start || strcmp(when, "byte") == 0) ? calloc(1, sizeof *it) : NULL;
  if (it == NULL) {
    host->fault(host->context, THENAR_FAULT_REFUSE, text("setup"),
                text("\"behaviour\" or \"when\" has a value that hostile does not know: see its driver.json."));
    return NULL;
  }
  it->host = host;
  it->behaviour = wanted;
  it->at_start = at_start;
  return it;
}

static void misbehave_once(hostile *it, int64_t now_us) {
  if (it->done) return;
  it->done = true;
  if (it->behaviour->once != NULL) it->behaviour->once(it, now_us);
}

static void start(void *instance, int64_t now_us) {
  hostile *it = instance;
  thenar_channel force = {
      .struct_size = sizeof force,
      .number = FORCE,
      .name = text("force"),
      .quantity = text("force"),
      .unit = text("N"),
      .minimum = 0,
      .maximum = 255,
      .resolution = 1,
      .interval_us = 50000,
  };
  it->host->channel(it->host->context, &force);
  it->host->ready(it->host->context);
  if (it->at_start) misbehave_once(it, now_us);
}

void send_force(hostile *it, double newtons, int64_t time_us) {
  thenar_samples samples = {
      .struct_size = sizeof samples,
      .channel = FORCE,
      .count = 1,
      .values = &newtons,
      .time_us = time_us,
      .device_time_us = THENAR_NO_TIME,
  };
  it->host->samples(it->host->context, &samples);
}

static void receive(void *instance, const uint8_t *bytes, size_t count, int64_t time_us) {
  hostile *it = instance;
  misbehave_once(it, time_us);
  if (it->behaviour->each != NULL) it->behaviour->each(it, time_us);
  for (size_t i = 0; i < count; i++) {
    if (it->late_in > 0 && --it->late_in == 0) it->host->outcome(it->host->context, it->late_command, text(""));
    if (!it->behaviour->silent) send_force(it, bytes[i], time_us);
  }
}

static void wake(void *instance, int64_t now_us) {
  hostile *it = instance;
  if (it->behaviour->wake != NULL) it->behaviour->wake(it, now_us);
}

static void command(void *instance, uint64_t number, thenar_text name, thenar_text arguments, int64_t now_us) {
  (void)name;
  (void)arguments;
  hostile *it = instance;
  if (it->behaviour->command != NULL) {
    it->behaviour->command(it, number, now_us);
  } else {
    it->host->outcome(it->host->context, number, text(""));
  }
}

static void stop(void *instance, int64_t now_us) {
  (void)instance;
  (void)now_us;
}

static void destroy(void *instance) { free(instance); }

static const thenar_driver driver = {
    .struct_size = sizeof driver,
    .abi_version = THENAR_DRIVER_ABI,
    .id = {"hostile", sizeof "hostile" - 1},
    .version = {"0.1.0", sizeof "0.1.0" - 1},
    .create = create,
    .start = start,
    .receive = receive,
    .wake = wake,
    .command = command,
    .stop = stop,
    .destroy = destroy,
    .emulator = &hostile_emulator,
};

const thenar_driver *thenar_driver_hostile(void) { return &driver; }
