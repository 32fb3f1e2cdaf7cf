/* Landlock: which files a process may open. */
#define _GNU_SOURCE
#include "private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* By number, as in linux/landlock.h: that of an old distribution does not know what the kernel may know. */
enum { WRITE_FILE = 1 << 1, READ_FILE = 1 << 2, READ_DIR = 1 << 3, MAKE_SOCK = 1 << 9 };
enum { IOCTL_DEV = 1 << 15 };
enum { ALL_OF_1 = (1 << 13) - 1, ADDED_BY_2 = 1 << 13, ADDED_BY_3 = 1 << 14, ADDED_BY_5 = IOCTL_DEV };
enum { BIND_AND_CONNECT_TCP = 3, ABSTRACT_SOCKETS_AND_SIGNALS = 3, RULE_PATH_BENEATH = 1 };

struct ruleset {
  uint64_t files, network, scopes;
};

struct path_beneath {
  uint64_t allowed;
  int32_t parent;
} __attribute__((packed));

/* 0: there is none. */
static int version(void) {
  long found = syscall(SYS_landlock_create_ruleset, NULL, 0, 1 /* LANDLOCK_CREATE_RULESET_VERSION */);
  return found < 0 ? 0 : (int)found;
}

static uint64_t known_rights(int version) {
  return (uint64_t)ALL_OF_1 | (version >= 2 ? ADDED_BY_2 : 0) | (version >= 3 ? ADDED_BY_3 : 0) |
         (version >= 5 ? ADDED_BY_5 : 0);
}

/* What is not there needs no rule. */
static void allow(int rules, int directory, const char *name, uint64_t rights) {
  int file = openat(directory, name, O_PATH | O_CLOEXEC);
  if (file < 0) return;
  struct stat status;
  if (fstat(file, &status) == 0 && !S_ISDIR(status.st_mode)) rights &= ~(uint64_t)READ_DIR;
  struct path_beneath rule = {rights, file};
  syscall(SYS_landlock_add_rule, rules, RULE_PATH_BENEATH, &rule, 0);
  close(file);
}

/* Opens the directory of a path; -1 where there is none. */
static int directory_of(const char *path) {
  const char *slash = strrchr(path, '/');
  size_t length = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
  char directory[PATH_MAX] = ".";
  if (length >= sizeof directory) return -1;
  memcpy(directory, path, length);
  if (length > 0) directory[length] = '\0';
  return open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* The libraries in the directory of this one, and nothing else of it: it may be anybody's home. */
static void allow_libraries_beside(int rules, const char *library) {
  int directory = directory_of(library);
  if (directory < 0) return;
  DIR *entries = fdopendir(directory);
  if (entries == NULL) {
    close(directory);
    return;
  }
  for (struct dirent *entry; (entry = readdir(entries)) != NULL;)
    if (strstr(entry->d_name, ".so") != NULL) allow(rules, dirfd(entries), entry->d_name, READ_FILE);
  closedir(entries);
}

static int is_of_the_system(const char *library) {
  return strncmp(library, "/lib", 4) == 0 || strncmp(library, "/usr/lib", 8) == 0;
}

static int allow_loaded(struct dl_phdr_info *info, size_t size, void *rules) {
  (void)size;
  if (info->dlpi_name[0] == '/' && !is_of_the_system(info->dlpi_name))
    allow_libraries_beside(*(int *)rules, info->dlpi_name);
  return 0;
}

static void allow_what_is_needed(int rules, const struct thenar_needs *needs, uint64_t known) {
  /* The loader reads libraries; nothing needs EXECUTE, which is for execve. */
  static const char *const system_libraries[] = {"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"};
  for (size_t i = 0; i < sizeof system_libraries / sizeof *system_libraries; i++)
    allow(rules, AT_FDCWD, system_libraries[i], READ_FILE | READ_DIR);
  allow(rules, AT_FDCWD, "/etc/ld.so.cache", READ_FILE);
  dl_iterate_phdr(allow_loaded, &rules);
  allow_libraries_beside(rules, needs->library);
  allow(rules, AT_FDCWD, "/dev/null", READ_FILE | WRITE_FILE);
  if (needs->place != NULL) {
    int directory = directory_of(needs->place);
    if (directory >= 0) {
      allow(rules, directory, ".", MAKE_SOCK);
      close(directory);
    }
  }
  if (needs->node == NULL) return;
  /* libserialport and hidapi look at what the kernel says of a node before they open it. */
  static const char *const about_devices[] = {"/sys/bus", "/sys/class", "/sys/dev", "/sys/devices"};
  for (size_t i = 0; i < sizeof about_devices / sizeof *about_devices; i++)
    allow(rules, AT_FDCWD, about_devices[i], READ_FILE | READ_DIR);
  allow(rules, AT_FDCWD, needs->node, (READ_FILE | WRITE_FILE | IOCTL_DEV) & known);
}

int thenar_confine_files(const struct thenar_needs *needs) {
  int version_here = version();
  struct ruleset ruleset = {known_rights(version_here), version_here >= 4 ? BIND_AND_CONNECT_TCP : 0,
                            version_here >= 6 ? ABSTRACT_SOCKETS_AND_SIGNALS : 0};
  size_t size = version_here >= 6 ? sizeof ruleset : version_here >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
  int rules = (int)syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);
  if (rules < 0) return errno;
  allow_what_is_needed(rules, needs, ruleset.files);
  int error = syscall(SYS_landlock_restrict_self, rules, 0) < 0 ? errno : 0;
  close(rules);
  return error;
}

int thenar_confinement_lacks(void) {
#ifdef THENAR_SANITIZED
  return THENAR_LACKS_LANDLOCK | THENAR_LACKS_SECCOMP;
#else
  /* A filter of NULL: EFAULT where there are filters. */
  int has_filters = prctl(PR_SET_SECCOMP, 2, NULL, 0, 0) < 0 && errno == EFAULT;
  return (version() ? 0 : THENAR_LACKS_LANDLOCK) | (has_filters ? 0 : THENAR_LACKS_SECCOMP);
#endif
}

int thenar_confine(const struct thenar_needs *needs) {
  int lacks = thenar_confinement_lacks(), error = 0;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return errno;
  if (!(lacks & THENAR_LACKS_LANDLOCK)) error = thenar_confine_files(needs);
  if (!error && !(lacks & THENAR_LACKS_SECCOMP)) error = thenar_confine_calls(needs);
  return error;
}
