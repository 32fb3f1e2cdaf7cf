/* private.h: what the files of this target share. */
#ifndef THENAR_PRIVATE_H
#define THENAR_PRIVATE_H

#include "thenar_platform.h"

/* Sanitizers map terabytes, read /proc, and stop the other threads from a process of their own at the end. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define THENAR_SANITIZED 1
#endif
#endif

/* Each returns 0 or an errno. */
int thenar_confine_files(const struct thenar_needs *needs);
int thenar_confine_calls(const struct thenar_needs *needs);

#endif
