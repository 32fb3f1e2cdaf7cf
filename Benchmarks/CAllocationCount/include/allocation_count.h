/* allocation_count.h: counts what the whole program allocates, by standing in front of the allocator. */
#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H
#include <stdint.h>
/* Calls of malloc, calloc and realloc so far, and the bytes that they asked for. */
uint64_t allocation_count(void);
uint64_t allocation_bytes(void);
#endif
