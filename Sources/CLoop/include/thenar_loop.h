/* thenar_loop.h: epoll and accept4, which Swift's Glibc module does not show, in plain integers. */
#ifndef THENAR_LOOP_H
#define THENAR_LOOP_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define THENAR_LOOP_READ  1u /* there is something to read, or the other side will send nothing more */
#define THENAR_LOOP_WRITE 2u /* there is room to write */
#define THENAR_LOOP_OVER  4u /* the connection is over, both ways; told also when not asked for */

typedef struct thenar_loop_event {
  uint64_t token;
  uint32_t readiness;
} thenar_loop_event;

/* A new epoll descriptor, or a negative errno. */
int thenar_loop_open(void);
/* A new eventfd, or a negative errno. */
int thenar_loop_open_wake(void);
/* Watches a descriptor for some THENAR_LOOP_ bits. 0, or an errno. */
int thenar_loop_add(int loop, int descriptor, uint32_t readiness, uint64_t token);
int thenar_loop_change(int loop, int descriptor, uint32_t readiness, uint64_t token);
int thenar_loop_remove(int loop, int descriptor);
/* Waits at most so many milliseconds (-1: for ever); gives how many events there are, 0 also after a signal, or a
   negative errno. At most 256 at once. */
int thenar_loop_wait(int loop, thenar_loop_event *events, int most, int milliseconds);
/* Accepts a connection, close-on-exec and non-blocking: its descriptor, or a negative errno. */
int thenar_loop_accept(int listener);

#ifdef __cplusplus
}
#endif
#endif
