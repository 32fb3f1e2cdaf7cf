#include "thenar_driver.h"
