#include "thenar_driver.h"
#include "thenar_driver_sizes.h"

/* The layout that modules are compiled with. A line here that fails means that modules which are built already would
   misread what they are given, or be misread: add fields at the end of a structure only. */

#define FIELD_AT(structure, field, offset) \
  _Static_assert(offsetof(structure, field) == (offset), #structure "." #field " moved")
#define SIZE_IS(structure, size) _Static_assert(sizeof(structure) == (size), #structure " changed its size")

SIZE_IS(thenar_text, 16);
SIZE_IS(thenar_field, 56);
FIELD_AT(thenar_field, kind, 16);
FIELD_AT(thenar_field, integer, 24);
FIELD_AT(thenar_field, number, 32);
FIELD_AT(thenar_field, text, 40);

FIELD_AT(thenar_channel, number, 4);
FIELD_AT(thenar_channel, name, 8);
FIELD_AT(thenar_channel, quantity, 24);
FIELD_AT(thenar_channel, unit, 40);
FIELD_AT(thenar_channel, raw_unit, 56);
FIELD_AT(thenar_channel, minimum, 72);
FIELD_AT(thenar_channel, maximum, 80);
FIELD_AT(thenar_channel, resolution, 88);
FIELD_AT(thenar_channel, interval_us, 96);
FIELD_AT(thenar_channel, uncertainty_us, 104);
FIELD_AT(thenar_channel, kind, THENAR_CHANNEL_FIRST_SIZE);
FIELD_AT(thenar_channel, direction, 128);
FIELD_AT(thenar_channel, capacity, 144);
FIELD_AT(thenar_channel, usual_interval_us, 152);
SIZE_IS(thenar_channel, 160);

FIELD_AT(thenar_samples, channel, 4);
FIELD_AT(thenar_samples, count, 8);
FIELD_AT(thenar_samples, values, 16);
FIELD_AT(thenar_samples, raw, 24);
FIELD_AT(thenar_samples, quality, 32);
FIELD_AT(thenar_samples, time_us, 40);
FIELD_AT(thenar_samples, interval_us, 48);
FIELD_AT(thenar_samples, offsets_us, 56);
FIELD_AT(thenar_samples, device_time_us, 64);
SIZE_IS(thenar_samples, THENAR_SAMPLES_FIRST_SIZE);

FIELD_AT(thenar_event, quality, 4);
FIELD_AT(thenar_event, name, 8);
FIELD_AT(thenar_event, time_us, 24);
FIELD_AT(thenar_event, device_time_us, 32);
FIELD_AT(thenar_event, uncertainty_us, 40);
FIELD_AT(thenar_event, fields, 48);
FIELD_AT(thenar_event, field_count, 56);
FIELD_AT(thenar_event, raw, 64);
SIZE_IS(thenar_event, THENAR_EVENT_FIRST_SIZE);

FIELD_AT(thenar_identity, vendor, 8);
FIELD_AT(thenar_identity, model, 24);
FIELD_AT(thenar_identity, serial, 40);
FIELD_AT(thenar_identity, firmware, 56);
FIELD_AT(thenar_identity, battery_percent, 72);
SIZE_IS(thenar_identity, THENAR_IDENTITY_FIRST_SIZE);

FIELD_AT(thenar_host, context, 8);
FIELD_AT(thenar_host, write, 16);
FIELD_AT(thenar_host, channel, 24);
FIELD_AT(thenar_host, identify, 32);
FIELD_AT(thenar_host, ready, 40);
FIELD_AT(thenar_host, samples, 48);
FIELD_AT(thenar_host, event, 56);
FIELD_AT(thenar_host, lost, 64);
FIELD_AT(thenar_host, wake_at, 72);
FIELD_AT(thenar_host, tally, 80);
FIELD_AT(thenar_host, fault, 88);
FIELD_AT(thenar_host, outcome, 96);
FIELD_AT(thenar_host, request_feature, THENAR_HOST_FIRST_SIZE);
FIELD_AT(thenar_host, write_feature, 112);
SIZE_IS(thenar_host, 120);

FIELD_AT(thenar_setup, usb_vendor, 4);
FIELD_AT(thenar_setup, usb_product, 6);
FIELD_AT(thenar_setup, serial, 8);
FIELD_AT(thenar_setup, settings, 24);
FIELD_AT(thenar_setup, report_descriptor, 40);
FIELD_AT(thenar_setup, report_descriptor_count, 48);
SIZE_IS(thenar_setup, THENAR_SETUP_FIRST_SIZE);

FIELD_AT(thenar_serial_line, rts, 24);
SIZE_IS(thenar_serial_line, THENAR_SERIAL_LINE_FIRST_SIZE);

FIELD_AT(thenar_emulator_host, context, 8);
FIELD_AT(thenar_emulator_host, send, 16);
FIELD_AT(thenar_emulator_host, wake_at, 24);
FIELD_AT(thenar_emulator_host, refuse, 32);
FIELD_AT(thenar_emulator_host, send_feature, THENAR_EMULATOR_HOST_FIRST_SIZE);
SIZE_IS(thenar_emulator_host, 48);

FIELD_AT(thenar_emulator, context, 8);
FIELD_AT(thenar_emulator, create, 16);
FIELD_AT(thenar_emulator, connected, 24);
FIELD_AT(thenar_emulator, receive, 32);
FIELD_AT(thenar_emulator, wake, 40);
FIELD_AT(thenar_emulator, destroy, 48);
FIELD_AT(thenar_emulator, feature_requested, THENAR_EMULATOR_FIRST_SIZE);
FIELD_AT(thenar_emulator, feature_written, 64);
SIZE_IS(thenar_emulator, 72);

FIELD_AT(thenar_driver, abi_version, 4);
FIELD_AT(thenar_driver, id, 8);
FIELD_AT(thenar_driver, version, 24);
FIELD_AT(thenar_driver, context, 40);
FIELD_AT(thenar_driver, create, 48);
FIELD_AT(thenar_driver, serial_line, 56);
FIELD_AT(thenar_driver, start, 64);
FIELD_AT(thenar_driver, receive, 72);
FIELD_AT(thenar_driver, wake, 80);
FIELD_AT(thenar_driver, command, 88);
FIELD_AT(thenar_driver, stop, 96);
FIELD_AT(thenar_driver, destroy, 104);
FIELD_AT(thenar_driver, emulator, 112);
FIELD_AT(thenar_driver, feature, THENAR_DRIVER_FIRST_SIZE);
SIZE_IS(thenar_driver, 128);
