#ifndef HOSTILE_H
#define HOSTILE_H

#include "thenar_driver.h"

/* The module's entry. */
const thenar_driver *thenar_driver_hostile(void);

#endif
