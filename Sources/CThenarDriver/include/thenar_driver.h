/* thenar_driver.h: the contract between Thenar and a driver module.
 *
 * A driver module is a shared library that knows one family of instruments. It exports ONE symbol,
 *
 *     const thenar_driver *thenar_driver_<id>(void);
 *
 * where <id> is the module's id from driver.json with every '-' written as '_'. The function returns a table that must
 * stay valid and unchanged for the life of the process: a module is loaded once and never unloaded.
 *
 * A driver does no input or output. It never opens a file, starts a thread, sleeps or reads a clock. It is told what
 * happened (bytes came, a wake-up is due, a command was given) and answers by calling the functions of the host table.
 *
 * Threads     Every call on one instance comes from one thread, never two at a time and never from inside a host call
 *             that the instance made. Host functions may be called only while a driver function is running.
 * Memory      Whoever hands over a pointer keeps what it points to. It is valid until the call returns; the receiver
 *             copies what it wants to keep. Exceptions: the driver table (valid for ever), the host table and its
 *             context (valid until destroy returns), the instance (owned by the module, given back in destroy).
 * Time        int64_t microseconds on the station's boot-time clock (CLOCK_BOOTTIME); only differences have a meaning.
 *             Spans (intervals, offsets, uncertainties) are at most 2^40, twelve days.
 * Text        UTF-8, pointer and length, not NUL-terminated. {NULL, 0} is the empty text.
 * Failure     A function without a result cannot fail: a driver that finds something wrong calls host->fault. A driver
 *             that traps, exits or never returns ends its own worker process and nothing else.
 * Versions    abi_version is the THENAR_DRIVER_ABI that the module was compiled with; 1 and 2 are understood. Structures
 *             that may grow begin with struct_size, which their maker sets to sizeof the structure it was compiled with;
 *             fields are only added at the end. Who gets a smaller structure than he knows takes what is not there as
 *             not said; who gets a larger one does not look at the rest. A function that is past the end of a table,
 *             or NULL, is not there: look at struct_size before calling one that the first version did not have.
 *             What contract 2 added is marked with (2).
 */
#ifndef THENAR_DRIVER_H
#define THENAR_DRIVER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define THENAR_DRIVER_ABI 2u

/* Tells Swift that the function may be called from any thread; other compilers ignore it. */
#if defined(__swift__) || defined(__clang__)
#define THENAR_CALL __attribute__((swift_attr("@Sendable")))
#else
#define THENAR_CALL
#endif

static const int64_t THENAR_NO_TIME = INT64_MIN; /* where there is no time to give */

typedef struct thenar_text {
  const char *bytes;
  size_t count;
} thenar_text;

/* Quality of a sample or an event, as bits. 0 is a good value about which there is nothing to say. */
#define THENAR_QUALITY_IN_MOTION         (1u << 0)  /* the instrument says that the value is still moving */
#define THENAR_QUALITY_STABLE            (1u << 1)  /* the instrument says that the value has settled */
#define THENAR_QUALITY_OVER_RANGE        (1u << 2)  /* above what the instrument can measure */
#define THENAR_QUALITY_UNDER_RANGE       (1u << 3)  /* below what the instrument can measure, or below its zero */
#define THENAR_QUALITY_NEEDS_ZERO        (1u << 4)  /* the instrument asks to be zeroed */
#define THENAR_QUALITY_NEEDS_CALIBRATION (1u << 5)  /* the instrument asks to be calibrated */
#define THENAR_QUALITY_INSTRUMENT_FAULT  (1u << 6)  /* the instrument reports a fault of its own */
#define THENAR_QUALITY_NO_DATA           (1u << 7)  /* the instrument says that it has no number to give */
#define THENAR_QUALITY_SUSPECT           (1u << 8)  /* the driver doubts it: packets were lost around it, say */
#define THENAR_QUALITY_INFERRED          (1u << 9)  /* the driver concluded it; the instrument did not say it */
#define THENAR_QUALITY_ALL               0x3FFu      /* bits 0 to 9 */

/* One quantity that the instrument measures. Declared before its first sample. */
typedef struct thenar_channel {
  uint32_t struct_size;
  uint32_t number;              /* 0..63, the driver's own; the same number again replaces the declaration */
  thenar_text name;             /* "force"; unique in the device; letters, digits, '-' and '_' */
  thenar_text quantity;         /* "force", "time", "acceleration", "angular-velocity", "count", "contact", ... */
  thenar_text unit;             /* UCUM code of thenar_samples.values: "N" for force, "s" for time */
  thenar_text raw_unit;         /* UCUM code of thenar_samples.raw: "kgf", "ms", "{count}"; empty: there is no raw */
  double minimum, maximum;      /* range in unit; NaN where not known */
  double resolution;            /* in unit; NaN where not known */
  int64_t interval_us;          /* time between samples; 0: it speaks when it has something to say */
  int64_t uncertainty_us;       /* how far a sample's time can be from the truth; 0: not known */
  thenar_text kind;             /* (2) what a hand does at it: "grip", "pinch", "key", "palmar", ...; or empty */
  thenar_text direction;        /* (2) what makes its values rise: "push", "pull", "squeeze", ...; or empty */
  double capacity;              /* (2) what the instrument is rated for, in unit; NaN or 0 where not known */
  int64_t usual_interval_us;    /* (2) where interval_us is 0: the usual time between samples; 0: not known */
} thenar_channel;

/* A run of samples of one channel, oldest first. */
typedef struct thenar_samples {
  uint32_t struct_size;
  uint32_t channel;             /* number of a declared channel */
  size_t count;                 /* 1..4096 */
  const double *values;         /* count values in the channel's unit; NaN where there is no valid number */
  const double *raw;            /* count values in raw_unit as the instrument gave them, or NULL */
  const uint32_t *quality;      /* count sets of THENAR_QUALITY_ bits, or NULL when all are 0 */
  int64_t time_us;              /* station time of the first sample */
  int64_t interval_us;          /* the samples are this far apart; ignored when offsets_us is given */
  const int64_t *offsets_us;    /* or: each sample's time less time_us, never falling; NULL when regular */
  int64_t device_time_us;       /* the instrument's own time of the first sample, or THENAR_NO_TIME */
} thenar_samples;

#define THENAR_FIELD_INTEGER 0u
#define THENAR_FIELD_NUMBER  1u
#define THENAR_FIELD_TEXT    2u
#define THENAR_FIELD_FLAG    3u  /* integer is 0 or 1 */

typedef struct thenar_field {
  thenar_text key;
  uint32_t kind;                /* a THENAR_FIELD_ number; says which of the following holds */
  int64_t integer;              /* magnitude at most 2^53 */
  double number;                /* finite */
  thenar_text text;
} thenar_field;

/* Something that happened: "trial.started", "peg.inserted", "hand.up" (docs/write-a-driver.md lists the names). */
typedef struct thenar_event {
  uint32_t struct_size;
  uint32_t quality;             /* THENAR_QUALITY_ bits */
  thenar_text name;             /* group.verb */
  int64_t time_us;              /* station time */
  int64_t device_time_us;       /* the instrument's own time, or THENAR_NO_TIME */
  int64_t uncertainty_us;       /* of the better of the two times; 0: not known */
  const thenar_field *fields;
  size_t field_count;           /* 0..32 */
  thenar_text raw;              /* what the instrument sent, as text, or empty */
} thenar_event;

/* What the instrument says of itself. Empty texts where it says nothing. */
typedef struct thenar_identity {
  uint32_t struct_size;
  thenar_text vendor, model, serial, firmware;
  double battery_percent;       /* NaN where it has none */
} thenar_identity;

#define THENAR_FAULT_NOTE    0u /* worth telling; work goes on */
#define THENAR_FAULT_RESTART 1u /* this instance cannot go on; another start may help */
#define THENAR_FAULT_REFUSE  2u /* no start can help until a person changes something */

/* What a driver may ask for. Made by Thenar. context is the first argument of every function. */
typedef struct thenar_host {
  uint32_t struct_size;
  void *context;
  /* Sends bytes to the instrument. HID: one output report, its first byte the report id (0 where reports are not
     numbered). Serial: any bytes. Writes keep their order; a failed write ends the connection. */
  void (*THENAR_CALL write)(void *context, const uint8_t *bytes, size_t count);
  /* Declares a channel, or declares it anew. */
  void (*THENAR_CALL channel)(void *context, const thenar_channel *channel);
  /* Reports what the instrument says of itself; may be called again when it changes. */
  void (*THENAR_CALL identify)(void *context, const thenar_identity *identity);
  /* The instrument has answered, its channels are declared, readings may follow. Once per start. */
  void (*THENAR_CALL ready)(void *context);
  void (*THENAR_CALL samples)(void *context, const thenar_samples *samples);
  void (*THENAR_CALL event)(void *context, const thenar_event *event);
  /* count samples of a channel were lost between instrument and driver; reason is one word: "device_dropped". */
  void (*THENAR_CALL lost)(void *context, uint32_t channel, uint64_t count, thenar_text reason);
  /* Asks for one wake call at this time or soon after; replaces the request before it. THENAR_NO_TIME: none. */
  void (*THENAR_CALL wake_at)(void *context, int64_t time_us);
  /* Adds to a health counter of the device, named by one word: "checksum_errors". */
  void (*THENAR_CALL tally)(void *context, thenar_text counter, uint64_t amount);
  /* severity is a THENAR_FAULT_ number, code one word, text one plain sentence for a person. */
  void (*THENAR_CALL fault)(void *context, uint32_t severity, thenar_text code, thenar_text text);
  /* The outcome of a command: error empty when done, else one plain sentence. Exactly one per command. */
  void (*THENAR_CALL outcome)(void *context, uint64_t command, thenar_text error);
  /* (2) HID: asks for a feature report; report is its id, 0 where reports are not numbered. The driver's feature is
     called later, once per request; at most 16 may be open. */
  void (*THENAR_CALL request_feature)(void *context, uint8_t report);
  /* (2) HID: sends a feature report, its first byte the report id (0 where reports are not numbered). */
  void (*THENAR_CALL write_feature)(void *context, const uint8_t *bytes, size_t count);
} thenar_host;

/* What is known when a driver or an emulator is created. */
typedef struct thenar_setup {
  uint32_t struct_size;
  uint16_t usb_vendor, usb_product;       /* 0 where it is not a USB device */
  thenar_text serial;                     /* USB serial number, or empty */
  thenar_text settings;                   /* a JSON object: the station's settings for this device; "{}" for none */
  const uint8_t *report_descriptor;       /* HID only; NULL for serial devices */
  size_t report_descriptor_count;
} thenar_setup;

#define THENAR_PARITY_NONE 0u
#define THENAR_PARITY_ODD  1u
#define THENAR_PARITY_EVEN 2u

typedef struct thenar_serial_line {
  uint32_t struct_size;
  uint32_t baud;                          /* bits per second, 50..4000000 */
  uint32_t data_bits;                     /* 5..8 */
  uint32_t parity;                        /* a THENAR_PARITY_ number */
  uint32_t stop_bits;                     /* 1 or 2 */
  uint32_t dtr, rts;                      /* level of the line after opening: 0 or 1 */
} thenar_serial_line;

/* The emulator's side of the host table: the instrument speaks with send and listens in receive. */
typedef struct thenar_emulator_host {
  uint32_t struct_size;
  void *context;
  /* HID: one input report as the instrument puts it on the wire (with its id only when reports are numbered). */
  void (*THENAR_CALL send)(void *context, const uint8_t *bytes, size_t count);
  void (*THENAR_CALL wake_at)(void *context, int64_t time_us);
  /* From create only: why it returns NULL, one plain sentence that names the setting and the fix. */
  void (*THENAR_CALL refuse)(void *context, thenar_text text);
  /* (2) HID: answers feature_requested, now or later: the report, its first byte the report id (0 where reports are not
     numbered). No bytes: the instrument refuses. */
  void (*THENAR_CALL send_feature)(void *context, uint8_t report, const uint8_t *bytes, size_t count);
} thenar_emulator_host;

/* An instrument in software. Same rules as for a driver. */
typedef struct thenar_emulator {
  uint32_t struct_size;
  void *context;                          /* the module's own; given to create */
  /* NULL when the setup cannot be used: the emulator has then called host->refuse. */
  void *(*THENAR_CALL create)(void *context, const thenar_emulator_host *host, const thenar_setup *setup);
  /* Somebody opened the line: an instrument that talks by itself begins here. */
  void (*THENAR_CALL connected)(void *instance, int64_t now_us);
  /* HID: one output report as it arrives on the wire (with its id only when reports are numbered). */
  void (*THENAR_CALL receive)(void *instance, const uint8_t *bytes, size_t count, int64_t now_us);
  void (*THENAR_CALL wake)(void *instance, int64_t now_us);
  void (*THENAR_CALL destroy)(void *instance);
  /* (2) HID: a feature report is asked for. May be NULL: this instrument has none, which is how a request is answered. */
  void (*THENAR_CALL feature_requested)(void *instance, uint8_t report, int64_t now_us);
  /* (2) HID: a feature report came, its first byte the report id (0 where reports are not numbered). May be NULL. */
  void (*THENAR_CALL feature_written)(void *instance, const uint8_t *bytes, size_t count, int64_t now_us);
} thenar_emulator;

/* The driver table. */
typedef struct thenar_driver {
  uint32_t struct_size;
  uint32_t abi_version;                   /* THENAR_DRIVER_ABI */
  thenar_text id;                         /* the id in driver.json */
  thenar_text version;                    /* the version in driver.json */
  void *context;                          /* the module's own; given to create */
  /* Makes an instance. May call host->fault and nothing else. NULL when the setup cannot be used: the driver has then
     called host->fault once with THENAR_FAULT_REFUSE and a sentence that names the setting and the fix. */
  void *(*THENAR_CALL create)(void *context, const thenar_host *host, const thenar_setup *setup);
  /* Serial modules: fills in how the line is to be opened and returns 1; 0 leaves it to driver.json. May be NULL. */
  uint32_t (*THENAR_CALL serial_line)(void *instance, thenar_serial_line *line);
  /* The line is open. Called once, before receive and wake. */
  void (*THENAR_CALL start)(void *instance, int64_t now_us);
  /* HID: exactly one input report as read, beginning with its id only when reports are numbered. Serial: one or more
     bytes, cut anywhere. time_us was taken when the read returned. */
  void (*THENAR_CALL receive)(void *instance, const uint8_t *bytes, size_t count, int64_t time_us);
  void (*THENAR_CALL wake)(void *instance, int64_t now_us);
  /* arguments is a JSON object. The driver answers with host->outcome, now or later. May be NULL: no commands. */
  void (*THENAR_CALL command)(void *instance, uint64_t command, thenar_text name, thenar_text arguments, int64_t now_us);
  /* The line is about to close: last chance to write (stop measuring, say). Not called when the device is gone. */
  void (*THENAR_CALL stop)(void *instance, int64_t now_us);
  void (*THENAR_CALL destroy)(void *instance);
  const thenar_emulator *emulator;        /* NULL when the module brings none */
  /* (2) The answer to request_feature: the report, its first byte the report id (0 where reports are not numbered).
     NULL and 0: the instrument refused, or has no such report. May be NULL: no feature reports are asked for. */
  void (*THENAR_CALL feature)(void *instance, uint8_t report, const uint8_t *bytes, size_t count, int64_t time_us);
} thenar_driver;

typedef const thenar_driver *(*thenar_driver_entry)(void);

/* The layout, for whoever compiles this: a line that fails means that module and host would misread each other, because
   a field was not added at the end, or because the compiler was told to pack structures. */
#ifdef __cplusplus
#define THENAR_IS_SO(condition, sentence) static_assert(condition, sentence)
#else
#define THENAR_IS_SO(condition, sentence) _Static_assert(condition, sentence)
#endif
#define THENAR_FIELD_AT(structure, field, offset) \
  THENAR_IS_SO(offsetof(structure, field) == (offset), #structure "." #field " moved")
#define THENAR_SIZE_IS(structure, size) THENAR_IS_SO(sizeof(structure) == (size), #structure " changed its size")

THENAR_SIZE_IS(thenar_text, 16);
THENAR_SIZE_IS(thenar_field, 56);
THENAR_FIELD_AT(thenar_field, kind, 16);
THENAR_FIELD_AT(thenar_field, integer, 24);
THENAR_FIELD_AT(thenar_field, number, 32);
THENAR_FIELD_AT(thenar_field, text, 40);

THENAR_FIELD_AT(thenar_channel, number, 4);
THENAR_FIELD_AT(thenar_channel, name, 8);
THENAR_FIELD_AT(thenar_channel, quantity, 24);
THENAR_FIELD_AT(thenar_channel, unit, 40);
THENAR_FIELD_AT(thenar_channel, raw_unit, 56);
THENAR_FIELD_AT(thenar_channel, minimum, 72);
THENAR_FIELD_AT(thenar_channel, maximum, 80);
THENAR_FIELD_AT(thenar_channel, resolution, 88);
THENAR_FIELD_AT(thenar_channel, interval_us, 96);
THENAR_FIELD_AT(thenar_channel, uncertainty_us, 104);
THENAR_FIELD_AT(thenar_channel, kind, 112);
THENAR_FIELD_AT(thenar_channel, direction, 128);
THENAR_FIELD_AT(thenar_channel, capacity, 144);
THENAR_FIELD_AT(thenar_channel, usual_interval_us, 152);
THENAR_SIZE_IS(thenar_channel, 160);

THENAR_FIELD_AT(thenar_samples, channel, 4);
THENAR_FIELD_AT(thenar_samples, count, 8);
THENAR_FIELD_AT(thenar_samples, values, 16);
THENAR_FIELD_AT(thenar_samples, raw, 24);
THENAR_FIELD_AT(thenar_samples, quality, 32);
THENAR_FIELD_AT(thenar_samples, time_us, 40);
THENAR_FIELD_AT(thenar_samples, interval_us, 48);
THENAR_FIELD_AT(thenar_samples, offsets_us, 56);
THENAR_FIELD_AT(thenar_samples, device_time_us, 64);
THENAR_SIZE_IS(thenar_samples, 72);

THENAR_FIELD_AT(thenar_event, quality, 4);
THENAR_FIELD_AT(thenar_event, name, 8);
THENAR_FIELD_AT(thenar_event, time_us, 24);
THENAR_FIELD_AT(thenar_event, device_time_us, 32);
THENAR_FIELD_AT(thenar_event, uncertainty_us, 40);
THENAR_FIELD_AT(thenar_event, fields, 48);
THENAR_FIELD_AT(thenar_event, field_count, 56);
THENAR_FIELD_AT(thenar_event, raw, 64);
THENAR_SIZE_IS(thenar_event, 80);

THENAR_FIELD_AT(thenar_identity, vendor, 8);
THENAR_FIELD_AT(thenar_identity, model, 24);
THENAR_FIELD_AT(thenar_identity, serial, 40);
THENAR_FIELD_AT(thenar_identity, firmware, 56);
THENAR_FIELD_AT(thenar_identity, battery_percent, 72);
THENAR_SIZE_IS(thenar_identity, 80);

THENAR_FIELD_AT(thenar_host, context, 8);
THENAR_FIELD_AT(thenar_host, write, 16);
THENAR_FIELD_AT(thenar_host, channel, 24);
THENAR_FIELD_AT(thenar_host, identify, 32);
THENAR_FIELD_AT(thenar_host, ready, 40);
THENAR_FIELD_AT(thenar_host, samples, 48);
THENAR_FIELD_AT(thenar_host, event, 56);
THENAR_FIELD_AT(thenar_host, lost, 64);
THENAR_FIELD_AT(thenar_host, wake_at, 72);
THENAR_FIELD_AT(thenar_host, tally, 80);
THENAR_FIELD_AT(thenar_host, fault, 88);
THENAR_FIELD_AT(thenar_host, outcome, 96);
THENAR_FIELD_AT(thenar_host, request_feature, 104);
THENAR_FIELD_AT(thenar_host, write_feature, 112);
THENAR_SIZE_IS(thenar_host, 120);

THENAR_FIELD_AT(thenar_setup, usb_vendor, 4);
THENAR_FIELD_AT(thenar_setup, usb_product, 6);
THENAR_FIELD_AT(thenar_setup, serial, 8);
THENAR_FIELD_AT(thenar_setup, settings, 24);
THENAR_FIELD_AT(thenar_setup, report_descriptor, 40);
THENAR_FIELD_AT(thenar_setup, report_descriptor_count, 48);
THENAR_SIZE_IS(thenar_setup, 56);

THENAR_FIELD_AT(thenar_serial_line, rts, 24);
THENAR_SIZE_IS(thenar_serial_line, 28);

THENAR_FIELD_AT(thenar_emulator_host, context, 8);
THENAR_FIELD_AT(thenar_emulator_host, send, 16);
THENAR_FIELD_AT(thenar_emulator_host, wake_at, 24);
THENAR_FIELD_AT(thenar_emulator_host, refuse, 32);
THENAR_FIELD_AT(thenar_emulator_host, send_feature, 40);
THENAR_SIZE_IS(thenar_emulator_host, 48);

THENAR_FIELD_AT(thenar_emulator, context, 8);
THENAR_FIELD_AT(thenar_emulator, create, 16);
THENAR_FIELD_AT(thenar_emulator, connected, 24);
THENAR_FIELD_AT(thenar_emulator, receive, 32);
THENAR_FIELD_AT(thenar_emulator, wake, 40);
THENAR_FIELD_AT(thenar_emulator, destroy, 48);
THENAR_FIELD_AT(thenar_emulator, feature_requested, 56);
THENAR_FIELD_AT(thenar_emulator, feature_written, 64);
THENAR_SIZE_IS(thenar_emulator, 72);

THENAR_FIELD_AT(thenar_driver, abi_version, 4);
THENAR_FIELD_AT(thenar_driver, id, 8);
THENAR_FIELD_AT(thenar_driver, version, 24);
THENAR_FIELD_AT(thenar_driver, context, 40);
THENAR_FIELD_AT(thenar_driver, create, 48);
THENAR_FIELD_AT(thenar_driver, serial_line, 56);
THENAR_FIELD_AT(thenar_driver, start, 64);
THENAR_FIELD_AT(thenar_driver, receive, 72);
THENAR_FIELD_AT(thenar_driver, wake, 80);
THENAR_FIELD_AT(thenar_driver, command, 88);
THENAR_FIELD_AT(thenar_driver, stop, 96);
THENAR_FIELD_AT(thenar_driver, destroy, 104);
THENAR_FIELD_AT(thenar_driver, emulator, 112);
THENAR_FIELD_AT(thenar_driver, feature, 120);
THENAR_SIZE_IS(thenar_driver, 128);

#ifdef __cplusplus
}
#endif
#endif
