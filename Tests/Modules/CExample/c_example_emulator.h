#ifndef C_EXAMPLE_EMULATOR_H
#define C_EXAMPLE_EMULATOR_H

#include "thenar_driver.h"

/* The gauge in software: part of the driver table. Hidden: a module exports its entry and nothing else. */
__attribute__((visibility("hidden"))) extern const thenar_emulator c_example_emulator;

#endif
