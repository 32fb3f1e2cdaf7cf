#ifndef C_EXAMPLE_H
#define C_EXAMPLE_H

#include "thenar_driver.h"

/* The only symbol that the module exports: thenar_driver_ and its id, with '-' written as '_'. */
const thenar_driver *thenar_driver_c_example(void);

#endif
