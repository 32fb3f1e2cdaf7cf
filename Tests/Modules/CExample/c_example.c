/* c-example: a complete driver module in C, to copy from.
 *
 * The instrument is a force gauge on a serial line. It sends a line every 100 ms, newtons as decimal text: "123.4\n".
 * The line "Z\n" sets its zero; it answers "OK\n". Its emulator is in c_example_emulator.c.
 */
#include "c_example.h"

#include "c_example_emulator.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FORCE = 0, LONGEST_LINE = 32, ANSWER_WITHIN_US = 1000000 };

/* Everything that the driver remembers. There are no global variables: one process may hold many instances. */
typedef struct gauge {
  const thenar_host *host;
  double maximum;            /* newtons */
  char line[LONGEST_LINE];   /* the line that is coming in */
  size_t length;
  bool usable;               /* false until the first line end, and after a line that was too long */
  bool ready;
  bool zeroing;              /* the command "zero" waits for its answer */
  uint64_t zero_command;
} gauge;

static thenar_text text(const char *string) {
  thenar_text it = {string, strlen(string)};
  return it;
}

/* Unsigned decimal text, "500" or "123.4"; false when it is anything else. strtod is not used: it obeys the locale
   of the process, and takes "inf" and hexadecimal as well. */
static bool read_decimal(const char *at, const char *end, double *number) {
  double digits = 0, scale = 1;
  bool any = false, fraction = false;
  if (end - at > 15) return false; /* past 15 digits a double is no longer exact */
  for (; at < end; at++) {
    if (*at == '.' && any && !fraction) {
      fraction = true;
      any = false;
    } else if (*at >= '0' && *at <= '9') {
      digits = digits * 10 + (*at - '0');
      if (fraction) scale *= 10;
      any = true;
    } else {
      return false;
    }
  }
  *number = digits / scale;
  return any;
}

/* MARK: Settings */

static bool is_one_of(char character, const char *characters) {
  return character != '\0' && strchr(characters, character) != NULL;
}

static const char *skip_space(const char *at, const char *end) {
  while (at < end && is_one_of(*at, " \t\r\n")) at++;
  return at;
}

/* Skips space, then the expected text; NULL when something else stands there. */
static const char *skip(const char *at, const char *end, const char *expected) {
  if (at == NULL) return NULL;
  at = skip_space(at, end);
  size_t length = strlen(expected);
  if ((size_t)(end - at) < length || memcmp(at, expected, length) != 0) return NULL;
  return skip_space(at + length, end);
}

/* Reads {} or {"maximum_n": 500}. With more settings than this, take a JSON library; the rule stays the same: what is
   not known is refused, so that a misspelt setting is never ignored. False: they cannot be used. */
static bool read_settings(thenar_text settings, double *maximum) {
  const char *end = settings.bytes + settings.count;
  *maximum = 500;
  if (settings.count == 0) return true;
  const char *at = skip(settings.bytes, end, "{");
  if (skip(at, end, "}") == end) return true;
  const char *number = skip(skip(at, end, "\"maximum_n\""), end, ":");
  if (number == NULL) return false;
  const char *number_end = number;
  while (number_end < end && is_one_of(*number_end, "0123456789.")) number_end++;
  return read_decimal(number, number_end, maximum) && *maximum >= 1 && *maximum <= 5000 &&
         skip(number_end, end, "}") == end;
}

/* MARK: Life of an instance */

static void *create(void *context, const thenar_host *host, const thenar_setup *setup) {
  (void)context;
  double maximum;
  if (!read_settings(setup->settings, &maximum)) {
    host->fault(host->context, THENAR_FAULT_REFUSE, text("setup"),
                text("The only setting of c-example is \"maximum_n\", a number from 1 to 5000: correct the settings."));
    return NULL;
  }
  gauge *it = calloc(1, sizeof *it);
  if (it == NULL) {
    host->fault(host->context, THENAR_FAULT_REFUSE, text("memory"), text("There is no memory left: free some."));
    return NULL;
  }
  it->host = host;
  it->maximum = maximum;
  return it;
}

static void start(void *instance, int64_t now_us) {
  (void)now_us;
  gauge *it = instance;
  thenar_channel force = {
      .struct_size = sizeof force,
      .number = FORCE,
      .name = text("force"),
      .quantity = text("force"),
      .unit = text("N"),
      .raw_unit = {NULL, 0}, /* the gauge speaks newtons: what it sends is the value */
      .minimum = -it->maximum,
      .maximum = it->maximum,
      .resolution = 0.1,
      .interval_us = 100000,
      .uncertainty_us = 20000, /* time on the line at 9600 baud and in a USB adapter */
  };
  it->host->channel(it->host->context, &force);
}

/* A gauge that had to be told to be quiet would be told here. */
static void stop(void *instance, int64_t now_us) {
  (void)instance;
  (void)now_us;
}

static void destroy(void *instance) { free(instance); }

/* MARK: Commands */

static void finish_zero(gauge *it, const char *error) {
  it->zeroing = false;
  it->host->wake_at(it->host->context, THENAR_NO_TIME);
  it->host->outcome(it->host->context, it->zero_command, text(error));
}

static void command(void *instance, uint64_t number, thenar_text name, thenar_text arguments, int64_t now_us) {
  (void)arguments;
  gauge *it = instance;
  const thenar_host *host = it->host;
  if (name.count != 4 || memcmp(name.bytes, "zero", 4) != 0) {
    host->outcome(host->context, number, text("This gauge has one command only: zero."));
  } else if (it->zeroing) {
    host->outcome(host->context, number, text("The gauge is being zeroed already: wait for that."));
  } else {
    it->zeroing = true;
    it->zero_command = number;
    host->write(host->context, (const uint8_t *)"Z\n", 2);
    host->wake_at(host->context, now_us + ANSWER_WITHIN_US);
  }
}

static void wake(void *instance, int64_t now_us) {
  (void)now_us;
  gauge *it = instance;
  if (it->zeroing) finish_zero(it, "The gauge did not answer within a second: check its cable, then zero it again.");
}

/* MARK: Readings */

static void take_force(gauge *it, double newtons, int64_t time_us) {
  uint32_t quality = fabs(newtons) > it->maximum ? THENAR_QUALITY_OVER_RANGE : 0;
  thenar_samples samples = {
      .struct_size = sizeof samples,
      .channel = FORCE,
      .count = 1,
      .values = &newtons,
      .quality = &quality,
      .time_us = time_us,
      .device_time_us = THENAR_NO_TIME, /* the gauge has no clock */
  };
  if (!it->ready) {
    it->ready = true;
    it->host->ready(it->host->context); /* it has answered, and its channel is declared */
  }
  it->host->samples(it->host->context, &samples);
}

static void take_line(gauge *it, int64_t time_us) {
  const char *at = it->line, *end = it->line + it->length;
  double newtons;
  if (it->length == 2 && memcmp(at, "OK", 2) == 0) {
    if (it->zeroing) finish_zero(it, "");
    return;
  }
  bool negative = at < end && *at == '-';
  if (negative) at++;
  if (read_decimal(at, end, &newtons)) {
    take_force(it, negative ? -newtons : newtons, time_us);
  } else {
    it->host->tally(it->host->context, text("format_errors"), 1);
  }
}

static void receive(void *instance, const uint8_t *bytes, size_t count, int64_t time_us) {
  gauge *it = instance;
  for (size_t i = 0; i < count; i++) {
    if (bytes[i] == '\n') {
      /* The line may have been opened in the middle of "123.4", and "3.4" is a number too: wait for a line end. */
      if (it->usable) take_line(it, time_us);
      it->usable = true;
      it->length = 0;
    } else if (it->length < LONGEST_LINE) {
      it->line[it->length++] = (char)bytes[i];
    } else if (it->usable) { /* a line without end must not grow without end */
      it->usable = false;
      it->host->tally(it->host->context, text("format_errors"), 1);
    }
  }
}

static const thenar_driver driver = {
    .struct_size = sizeof driver,
    .abi_version = THENAR_DRIVER_ABI,
    .id = {"c-example", sizeof "c-example" - 1},
    .version = {"0.1.0", sizeof "0.1.0" - 1},
    .create = create,
    .serial_line = NULL, /* driver.json says how the line is opened */
    .start = start,
    .receive = receive,
    .wake = wake,
    .command = command,
    .stop = stop,
    .destroy = destroy,
    .emulator = &c_example_emulator,
};

const thenar_driver *thenar_driver_c_example(void) { return &driver; }
