#include "thenar_driver.h"
#include "thenar_driver_sizes.h"

/* The structures of the first contract end where they ended: what was added since stands behind them. The layout itself
   is checked in thenar_driver.h. */

#define FIELD_AT(structure, field, offset) \
  _Static_assert(offsetof(structure, field) == (offset), #structure "." #field " does not begin the second contract")
#define SIZE_IS(structure, size) _Static_assert(sizeof(structure) == (size), #structure " has grown: name its first field")

FIELD_AT(thenar_channel, kind, THENAR_CHANNEL_FIRST_SIZE);
SIZE_IS(thenar_samples, THENAR_SAMPLES_FIRST_SIZE);
SIZE_IS(thenar_event, THENAR_EVENT_FIRST_SIZE);
SIZE_IS(thenar_identity, THENAR_IDENTITY_FIRST_SIZE);
FIELD_AT(thenar_host, request_feature, THENAR_HOST_FIRST_SIZE);
SIZE_IS(thenar_setup, THENAR_SETUP_FIRST_SIZE);
SIZE_IS(thenar_serial_line, THENAR_SERIAL_LINE_FIRST_SIZE);
FIELD_AT(thenar_emulator_host, send_feature, THENAR_EMULATOR_HOST_FIRST_SIZE);
FIELD_AT(thenar_emulator, feature_requested, THENAR_EMULATOR_FIRST_SIZE);
FIELD_AT(thenar_driver, feature, THENAR_DRIVER_FIRST_SIZE);
