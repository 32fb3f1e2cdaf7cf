/* quietwait PERCENT SECONDS: waits until the machine does little, at most so many seconds. 1 where it did not. */
#include <stdlib.h>

#include "kit.h"

int main(int count, char **words) {
  double most = count > 1 ? atof(words[1]) : 12;
  uint64_t end = now_ns() + (uint64_t)((count > 2 ? atof(words[2]) : 60) * 1e9);
  do {
    struct machine from = machine_now();
    sleep_ns(500000000);
    struct machine to = machine_now();
    /* Percent of one core. */
    if (100 * (double)(to.busy - from.busy) / (double)(to.at - from.at) <= most) return 0;
  } while (now_ns() < end);
  return 1;
}
