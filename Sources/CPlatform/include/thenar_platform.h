/* thenar_platform.h: the few calls of Linux that Swift's Glibc module does not show, because they need _GNU_SOURCE or
 * headers that clash with it. Plain integers and strings only, so that this header needs neither.
 */
#ifndef THENAR_PLATFORM_H
#define THENAR_PLATFORM_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a process may take. Core files are never written. The number of processes is not limited: the kernel counts all
 * those of the account, and none of root's. */
struct thenar_limits {
  unsigned long memory; /* bytes of data of its own; its address space may have four times that; 0: no limit */
  unsigned long files;  /* open descriptors; 0: no limit */
};

/* Starts a process whose descriptor 3 is `control` and whose standard error is `errors`: standard input and output are
 * /dev/null, nothing above 3 is open, signals have their defaults, it leads a process group of its own, can gain no
 * rights (no_new_privs), and is killed when its parent ends, also when that ends while it starts. argv and envp end with
 * NULL. Fills in the process and a descriptor (close-on-exec) that becomes readable when it ends, or -1 where there is no
 * such thing (under valgrind); the caller still reaps it with waitpid. Returns 0 or an errno.
 *
 * Call it from a thread that lives as long as the program: the child is killed when the THREAD that started it ends
 * (prctl(2), PR_SET_PDEATHSIG). */
int thenar_spawn(const char *path, char *const argv[], char *const envp[], int control, int errors,
                 const struct thenar_limits *limits, int *process, int *descriptor);

/* Kills (SIGKILL) the process of such a descriptor. Returns 0 or an errno. */
int thenar_kill(int descriptor);

/* Whether a child has ended, or is none of ours; it is not reaped. */
int thenar_has_ended(int process);

/* Processes whose parent ended shall become children of this one, where they descend from it. Returns 0 or an errno. */
int thenar_adopt_orphans(void);

/* The kernel shall kill this process (SIGKILL) when its parent ends. Returns 0, or an errno; ESRCH: the parent ended
 * while we asked. */
int thenar_die_with_parent(void);

/* A child that this process forks from now on closes every descriptor from 3 on at once, so that it cannot hold a link or
 * an instrument past the end of this process. Returns 0 or an errno. */
int thenar_close_in_forked_children(void);

/* What thenar_confine cannot do on this kernel, as bits. */
enum {
  THENAR_LACKS_LANDLOCK = 1, /* files and devices stay open to the process as they are to its account */
  THENAR_LACKS_SECCOMP = 2,  /* so do calls of the system: processes, signals, sockets */
};
int thenar_confinement_lacks(void);

/* What a confined process needs beside what is open already. */
struct thenar_needs {
  const char *library; /* a path; those in the same directory may be read, too */
  const char *node;    /* of the instrument, and what the kernel says of devices; NULL: none */
  const char *place;   /* where a socket that is there already shall listen; NULL: nowhere */
  int connections;     /* whether it needs Unix sockets of others */
};

/* From now on this process, which must have one thread, may read the system's libraries and those that lie beside ones
 * that it has loaded, use what is open, start threads, and have what it needs. It may open, make or change no other file,
 * start no process or program, signal and watch nobody but itself, make no socket, and not raise its limits. What the
 * kernel lacks is left out. Returns 0 or an errno. */
int thenar_confine(const struct thenar_needs *needs);

/* How the report of a crash begins, which a process of which this was asked writes on standard error before it dies of a
 * fault: one line for the signal, one for each caller. Returns 0 or an errno. */
#define THENAR_CRASH_WORDS "Crashed by signal "
int thenar_report_crashes(void);

/* Who is at the other end of a Unix socket, as the kernel knows it. Returns 0 or an errno. */
int thenar_peer_credentials(int socket, int *process, unsigned *user, unsigned *group);

/* Sets a terminal to a speed that has no B constant. Returns 0 or an errno. */
int thenar_set_odd_speed(int terminal, unsigned bits_per_second);

/* Opens a new pseudo-terminal: returns the descriptor of the instrument's side (non-blocking, close-on-exec) and writes
 * the path of the other side, or returns a negative errno. */
int thenar_open_pseudo_terminal(char *path, size_t path_size);

#ifdef __cplusplus
}
#endif
#endif
