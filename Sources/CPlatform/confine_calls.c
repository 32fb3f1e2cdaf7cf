/* seccomp: which calls of the system a process may make.
 *
 * A list of what is refused, and not of what is allowed: what the C library and Swift's runtime call changes with each of
 * their versions, and an instrument that is lost for that is worse than a call that nobody thought of, which still meets
 * Landlock and the rights of the account. Refused calls fail; they do not end the process, whose driver may get along. */
#define _GNU_SOURCE
#include "private.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "Add the architecture's AUDIT_ARCH constant, and check where its clone has the flags."
#endif
/* Calls of x86-64's second kind, which have other numbers. */
#define X32_BIT 0x40000000u

/* Calls that only this architecture's older sisters have, or only newer kernels, are left out. */
static const uint16_t refused[] = {
    /* programs, processes, sessions */
    SYS_execve, SYS_execveat, SYS_setpgid, SYS_setsid, SYS_setns, SYS_unshare, SYS_personality,
#ifdef SYS_fork
    SYS_fork, SYS_vfork,
#endif
    /* signals to others, and others' memory and descriptors */
    SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_pidfd_open, SYS_pidfd_send_signal, SYS_pidfd_getfd, SYS_ptrace,
    SYS_process_vm_readv, SYS_process_vm_writev, SYS_process_madvise, SYS_kcmp, SYS_get_robust_list, SYS_move_pages,
    SYS_migrate_pages,
#ifdef SYS_process_mrelease
    SYS_process_mrelease,
#endif
    /* sockets; what is open may be accepted and used */
    SYS_socketpair,
    /* files, and whose they are: also where there is no Landlock, which says nothing of the last of these */
    SYS_mkdirat, SYS_mknodat, SYS_linkat, SYS_symlinkat, SYS_unlinkat, SYS_renameat2, SYS_truncate, SYS_fchmod,
    SYS_fchmodat, SYS_fchown, SYS_fchownat, SYS_utimensat, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr,
    SYS_lremovexattr, SYS_fremovexattr, SYS_name_to_handle_at, SYS_open_by_handle_at, SYS_inotify_init1,
    SYS_inotify_add_watch, SYS_fanotify_init,
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef SYS_fchmodat2
    SYS_fchmodat2,
#endif
#ifdef SYS_open /* where the oldest calls are still there */
    SYS_creat, SYS_mkdir, SYS_rmdir, SYS_mknod, SYS_link, SYS_symlink, SYS_unlink, SYS_rename, SYS_chmod, SYS_chown,
    SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat, SYS_inotify_init,
#endif
    /* memory that the limits do not count */
    SYS_memfd_create, SYS_shmget, SYS_shmat, SYS_mq_open, SYS_msgget, SYS_semget,
#ifdef SYS_memfd_secret
    SYS_memfd_secret,
#endif
    /* limits and precedence */
    SYS_setrlimit, SYS_sched_setparam, SYS_sched_setscheduler, SYS_sched_setattr, SYS_setpriority, SYS_ioprio_set,
    /* the machine, where the account is root */
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_open_tree, SYS_move_mount, SYS_fsopen, SYS_fsconfig,
    SYS_fsmount, SYS_fspick, SYS_swapon, SYS_swapoff, SYS_reboot, SYS_init_module, SYS_finit_module, SYS_delete_module,
    SYS_kexec_load, SYS_acct, SYS_settimeofday, SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex, SYS_sethostname,
    SYS_setdomainname, SYS_quotactl, SYS_syslog, SYS_vhangup, SYS_lookup_dcookie, SYS_setuid, SYS_setgid, SYS_setreuid,
    SYS_setregid, SYS_setresuid, SYS_setresgid, SYS_setgroups, SYS_setfsuid, SYS_setfsgid, SYS_capset,
#ifdef SYS_mount_setattr
    SYS_mount_setattr,
#endif
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef SYS_iopl
    SYS_iopl, SYS_ioperm, SYS_modify_ldt,
#endif
    /* parts of the kernel that have been broken often and that no driver needs */
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
    SYS_keyctl, SYS_add_key, SYS_request_key,
};

/* Room for all of the above, two steps each, and for what looks at arguments. */
static struct sock_filter steps[2 * sizeof refused / sizeof *refused + 128];
static uint16_t count;

static void add(uint16_t code, uint8_t if_true, uint8_t if_false, uint32_t value) {
  steps[count++] = (struct sock_filter){code, if_true, if_false, value};
}

static void load(size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset); }
static void answer(uint32_t with) { add(BPF_RET | BPF_K, 0, 0, with); }
static void refuse(int error) { answer(SECCOMP_RET_ERRNO | (uint32_t)error); }

/* The next step is for this call alone. */
static void for_call(long number, uint8_t steps_of_it) { add(BPF_JMP | BPF_JEQ | BPF_K, 0, steps_of_it, (uint32_t)number); }

static void refuse_call(long number) {
  for_call(number, 1);
  refuse(EPERM);
}

/* Arguments that are looked at are ints for the kernel, which does not see their upper halves either. */
static size_t argument(int index) {
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "The lower half of an argument lies elsewhere."
#endif
  return offsetof(struct seccomp_data, args) + (size_t)index * sizeof(uint64_t);
}

static void load_number(void) { load(offsetof(struct seccomp_data, nr)); }

/* Only with this value of an argument. */
static void only_with(long number, int index, uint32_t value) {
  for_call(number, 4);
  load(argument(index));
  add(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, value);
  refuse(EPERM);
  load_number();
}

/* Not with this value of an argument. */
static void not_with(long number, int index, uint32_t value) {
  for_call(number, 4);
  load(argument(index));
  add(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value);
  refuse(EPERM);
  load_number();
}

static void look_at_arguments(const struct thenar_needs *needs) {
  /* Threads, but no processes; with clone3 the flags cannot be seen, and the C library then takes clone. */
  for_call(SYS_clone3, 1);
  refuse(ENOSYS);
  for_call(SYS_clone, 4);
  load(argument(0));
  add(BPF_JMP | BPF_JSET | BPF_K, 1, 0, CLONE_THREAD);
  refuse(EPERM);
  load_number();
  /* Itself: abort. */
  uint32_t own = (uint32_t)getpid();
  only_with(SYS_kill, 0, own);
  only_with(SYS_tkill, 0, own);
  only_with(SYS_tgkill, 0, own);
  /* A descriptor can be made to send signals to others, and a terminal to read what nobody typed. */
  not_with(SYS_fcntl, 1, F_SETOWN);
  not_with(SYS_fcntl, 1, F_SETOWN_EX);
  not_with(SYS_fcntl, 1, F_SETSIG);
  not_with(SYS_ioctl, 1, FIOSETOWN);
  not_with(SYS_ioctl, 1, SIOCSPGRP);
  not_with(SYS_ioctl, 1, TIOCSTI);
  not_with(SYS_ioctl, 1, TIOCSCTTY);
  /* It dies with the hub. */
  not_with(SYS_prctl, 0, PR_SET_PDEATHSIG);
  /* Limits may be asked for (no new ones are handed over: both halves of the pointer are 0) and not set. */
  for_call(SYS_prlimit64, 6);
  load(argument(2));
  add(BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 0);
  load(argument(2) + sizeof(uint32_t));
  add(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0);
  refuse(EPERM);
  load_number();
  /* Shared memory is not among what RLIMIT_DATA counts. */
  for_call(SYS_mmap, 5);
  load(argument(3));
  add(BPF_ALU | BPF_AND | BPF_K, 0, 0, MAP_SHARED | MAP_ANONYMOUS);
  add(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, MAP_SHARED | MAP_ANONYMOUS);
  refuse(EPERM);
  load_number();
  if (needs->connections) {
    only_with(SYS_socket, 0, AF_UNIX);
  } else {
    refuse_call(SYS_socket);
    refuse_call(SYS_connect);
  }
  /* One that was made before, and can be bound once. */
  if (needs->place == NULL) {
    refuse_call(SYS_bind);
    refuse_call(SYS_listen);
  }
}

int thenar_confine_calls(const struct thenar_needs *needs) {
  count = 0;
  load(offsetof(struct seccomp_data, arch));
  add(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARCHITECTURE);
  answer(SECCOMP_RET_KILL_PROCESS);
  load_number();
  add(BPF_JMP | BPF_JGE | BPF_K, 0, 1, X32_BIT);
  refuse(ENOSYS);
  look_at_arguments(needs);
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) refuse_call(refused[i]);
  answer(SECCOMP_RET_ALLOW);
  struct sock_fprog program = {count, steps};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) < 0 ? errno : 0;
}
