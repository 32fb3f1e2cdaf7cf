/* What no driver may do to others, tried one after the other; what came of each is told in words. */
#define _GNU_SOURCE
#include "parts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int closed(int descriptor) { return descriptor < 0 ? -1 : close(descriptor); }

static int reads(const char *path) { return closed(open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)); }

static int reads_of_the_hub(const char *what) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", (int)getppid(), what);
  return reads(path);
}

/* Files: refused where the kernel has Landlock. */
static int reads_passwords(void) { return reads("/etc/passwd"); }
static int reads_shadow(void) { return reads("/etc/shadow"); }
static int reads_the_environment_of_the_hub(void) { return reads_of_the_hub("environ"); }
static int reads_the_memory_of_the_hub(void) { return reads_of_the_hub("mem"); }
static int opens_another_node(void) { return reads("/dev/zero"); }
static int opens_random(void) { return reads("/dev/urandom"); }
static int lists_the_root(void) { return closed(open("/", O_RDONLY | O_DIRECTORY)); }
static int writes_a_file(void) { return closed(open("/tmp/hostile-was-here", O_CREAT | O_WRONLY, 0600)); }

/* Calls: refused where the kernel has seccomp. */
static int makes_a_directory(void) { return mkdir("/tmp/hostile-was-here", 0700); }
static int opens_a_file_to_all(void) { return chmod("/tmp", 01777); }

static int forks(void) {
  pid_t child = fork();
  if (child == 0) _exit(0);
  return child < 0 ? -1 : waitpid(child, NULL, 0);
}

static int forks_sharing_memory(void) { return (int)syscall(SYS_clone, SIGCHLD | 0x100, NULL, NULL, NULL, NULL); }

static int runs_a_shell(void) {
  char *arguments[] = {"/bin/sh", "-c", "exit 7", NULL}, *environment[] = {NULL};
  return execve(arguments[0], arguments, environment);
}

static int leaves_its_session(void) { return setsid() < 0 ? -1 : 0; }
static int outlives_the_hub(void) { return prctl(PR_SET_PDEATHSIG, 0); }
static int signals_the_hub(void) { return kill(getppid(), 0); }
static int signals_everybody(void) { return kill(-1, 0); }
static int signals_a_thread_of_the_hub(void) { return (int)syscall(SYS_tgkill, getppid(), getppid(), 0); }
static int queues_a_signal_for_the_hub(void) {
  union sigval nothing = {0};
  return sigqueue(getppid(), 0, nothing);
}
static int opens_the_process_of_the_hub(void) { return closed((int)syscall(SYS_pidfd_open, getppid(), 0)); }
static int has_a_descriptor_signal_the_hub(void) { return fcntl(3, F_SETOWN, getppid()); }
static int traces_the_hub(void) { return (int)ptrace(PTRACE_ATTACH, getppid(), NULL, NULL); }

static int copies_memory_of_the_hub(void) {
  char byte;
  struct iovec to = {&byte, 1}, from = {(void *)(uintptr_t)&byte, 1};
  return process_vm_readv(getppid(), &to, 1, &from, 1, 0) < 0 ? -1 : 0;
}

static int makes_a_network_socket(void) { return closed(socket(AF_INET, SOCK_STREAM, 0)); }
static int makes_a_unix_socket(void) { return closed(socket(AF_UNIX, SOCK_STREAM, 0)); }
static int makes_a_netlink_socket(void) { return closed(socket(AF_NETLINK, SOCK_RAW, 0)); }
static int makes_a_pair(void) {
  int pair[2];
  return socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
}
static int connects(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/nowhere"};
  return connect(3, (struct sockaddr *)&address, sizeof address);
}

static int raises_its_limits(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_DATA, &limit) < 0) return -2;
  return setrlimit(RLIMIT_DATA, &limit);
}
static int shares_memory(void) {
  return mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
}
static int keeps_memory_in_a_file(void) { return closed(memfd_create("hostile", 0)); }
static int keeps_memory_in_the_system(void) { return shmget(IPC_PRIVATE, 4096, 0600) < 0 ? -1 : 0; }
static int takes_much_memory(void) {
  return mmap(NULL, (size_t)1536 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1
                                                                                                                 : 0;
}
static int makes_a_ring(void) { return (int)syscall(SYS_io_uring_setup, 1, NULL); }
static int loads_a_filter(void) { return (int)syscall(SYS_bpf, 0, NULL, 0); }
static int counts_events(void) { return (int)syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0); }
static int leaves_its_namespace(void) { return (int)syscall(SYS_unshare, 0x10000000); }

/* What it may, and must be able to go on doing. */
static void *do_nothing(void *unused) { return unused; }

static int starts_a_thread(void) {
  pthread_t thread;
  int error = pthread_create(&thread, NULL, do_nothing, NULL);
  if (error == 0) return pthread_join(thread, NULL);
  errno = error;
  return -1;
}
static int takes_some_memory(void) {
  void *some = malloc(8 << 20);
  free(some);
  return some == NULL ? -1 : 0;
}
static int signals_itself(void) { return kill(getpid(), 0); }

static const struct {
  const char *kind, *name;
  int (*attempt)(void);
} attempts[] = {
    {"file", "reads_passwords", reads_passwords},
    {"file", "reads_shadow", reads_shadow},
    {"file", "reads_the_environment_of_the_hub", reads_the_environment_of_the_hub},
    {"file", "reads_the_memory_of_the_hub", reads_the_memory_of_the_hub},
    {"file", "opens_another_node", opens_another_node},
    {"file", "opens_random", opens_random},
    {"file", "lists_the_root", lists_the_root},
    {"file", "writes_a_file", writes_a_file},
    {"call", "makes_a_directory", makes_a_directory},
    {"call", "opens_a_file_to_all", opens_a_file_to_all},
    {"call", "forks", forks},
    {"call", "forks_sharing_memory", forks_sharing_memory},
    {"call", "runs_a_shell", runs_a_shell},
    {"call", "leaves_its_session", leaves_its_session},
    {"call", "outlives_the_hub", outlives_the_hub},
    {"call", "signals_the_hub", signals_the_hub},
    {"call", "signals_everybody", signals_everybody},
    {"call", "signals_a_thread_of_the_hub", signals_a_thread_of_the_hub},
    {"call", "queues_a_signal_for_the_hub", queues_a_signal_for_the_hub},
    {"call", "opens_the_process_of_the_hub", opens_the_process_of_the_hub},
    {"call", "has_a_descriptor_signal_the_hub", has_a_descriptor_signal_the_hub},
    {"call", "traces_the_hub", traces_the_hub},
    {"call", "copies_memory_of_the_hub", copies_memory_of_the_hub},
    {"call", "makes_a_network_socket", makes_a_network_socket},
    {"call", "makes_a_unix_socket", makes_a_unix_socket},
    {"call", "makes_a_netlink_socket", makes_a_netlink_socket},
    {"call", "makes_a_pair", makes_a_pair},
    {"call", "connects", connects},
    {"call", "raises_its_limits", raises_its_limits},
    {"call", "shares_memory", shares_memory},
    {"call", "keeps_memory_in_a_file", keeps_memory_in_a_file},
    {"call", "keeps_memory_in_the_system", keeps_memory_in_the_system},
    {"call", "makes_a_ring", makes_a_ring},
    {"call", "loads_a_filter", loads_a_filter},
    {"call", "counts_events", counts_events},
    {"call", "leaves_its_namespace", leaves_its_namespace},
    {"limit", "takes_much_memory", takes_much_memory},
    {"good", "starts_a_thread", starts_a_thread},
    {"good", "takes_some_memory", takes_some_memory},
    {"good", "signals_itself", signals_itself},
};

void try_everything(hostile *it, int64_t now_us) {
  for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
    errno = 0;
    int result = attempts[i].attempt();
    const char *outcome = result == 0      ? "done"
                          : errno == EPERM  ? "refused"
                          : errno == EACCES ? "refused"
                          : errno == ENOSYS ? "refused"
                          : errno == ENOMEM ? "no memory"
                                            : strerror(errno);
    thenar_field fields[] = {
        {.key = text("kind"), .kind = THENAR_FIELD_TEXT, .text = text(attempts[i].kind)},
        {.key = text("what"), .kind = THENAR_FIELD_TEXT, .text = text(attempts[i].name)},
        {.key = text("outcome"), .kind = THENAR_FIELD_TEXT, .text = text(outcome)},
    };
    thenar_event event = {
        .struct_size = sizeof event,
        .name = text("hostile.attempt"),
        .time_us = now_us,
        .device_time_us = THENAR_NO_TIME,
        .fields = fields,
        .field_count = sizeof fields / sizeof *fields,
    };
    it->host->event(it->host->context, &event);
  }
}
