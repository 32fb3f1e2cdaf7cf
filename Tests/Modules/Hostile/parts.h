#ifndef PARTS_H
#define PARTS_H

#include "thenar_driver.h"

#include <stdbool.h>
#include <string.h>

enum { FORCE = 0 };

struct behaviour;

/* One instance of the driver. */
typedef struct hostile {
  const thenar_host *host;
  const struct behaviour *behaviour;
  bool at_start;              /* misbehaves at the start, not on the first byte */
  bool done;                  /* has misbehaved */
  unsigned late_in;           /* bytes until the held outcome is given; 0: none is held */
  uint64_t late_command;
  unsigned names;             /* of channels so far */
  int64_t fast_since;
  uint64_t fast_count;        /* of samples so far */
} hostile;

/* How it misbehaves. What is not given is done as a good driver would. */
typedef struct behaviour {
  const char *name;
  void (*once)(hostile *it, int64_t now_us);                       /* on the first byte, or at the start */
  void (*each)(hostile *it, int64_t now_us);                       /* on each piece of what the instrument says */
  void (*wake)(hostile *it, int64_t now_us);
  void (*command)(hostile *it, uint64_t number, int64_t now_us);
  bool silent;                                                     /* no samples from then on */
} behaviour;

#pragma GCC visibility push(hidden)

/* NULL when there is none of that name. */
const behaviour *behaviour_named(const char *name);

/* One honest sample of force. */
void send_force(hostile *it, double newtons, int64_t time_us);

/* Tries what would harm others, and tells what came of it: events named hostile.attempt. */
void try_everything(hostile *it, int64_t now_us);

extern const thenar_emulator hostile_emulator;

#pragma GCC visibility pop

static inline thenar_text text(const char *string) {
  thenar_text it = {string, strlen(string)};
  return it;
}

#endif
