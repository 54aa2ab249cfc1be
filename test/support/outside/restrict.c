/*
 * restrict [no-refer] [deny <call> <errno>]... -- <program> <arguments>
 * Starts a program with less: `no-refer` is a Landlock domain in which nothing may move or be linked from one folder to
 * another; `deny` lets a system call fail (seccomp): link, fsync, fchown, lock (fcntl's own kind of it).
 * Exit code 77 where the kernel cannot do it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define FAIL(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ((error) & SECCOMP_RET_DATA))
#define UNLESS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)

static int install(struct sock_filter *filter, unsigned short length) {
  struct sock_fprog program = {.len = length, .filter = filter};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static int deny(const char *call, int error) {
  struct sock_filter end = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  if (strcmp(call, "link") == 0) {
    struct sock_filter filter[] = {
      LOAD(nr),
#ifdef SYS_link
      UNLESS(SYS_link, 1), FAIL(error),
#endif
      UNLESS(SYS_linkat, 1), FAIL(error), end};
    return install(filter, sizeof filter / sizeof *filter);
  }
  if (strcmp(call, "lock") == 0) {
    struct sock_filter filter[] = {LOAD(nr), UNLESS(SYS_fcntl, 5), LOAD(args[1]), UNLESS(F_OFD_SETLK, 1), FAIL(error),
                                   UNLESS(F_OFD_SETLKW, 1), FAIL(error), end};
    return install(filter, sizeof filter / sizeof *filter);
  }
  const int number = strcmp(call, "fsync") == 0 ? SYS_fsync : strcmp(call, "fchown") == 0 ? SYS_fchown : -1;
  struct sock_filter filter[] = {LOAD(nr), UNLESS((unsigned)number, 1), FAIL(error), end};
  return number >= 0 && install(filter, sizeof filter / sizeof *filter);
}

static int forbid_refer(void) {
  struct landlock_ruleset_attr attributes = {.handled_access_fs = LANDLOCK_ACCESS_FS_REFER};
  const int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
  return rules >= 0 && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
}

int main(int count, char **arguments) {
  int at = 1;
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  for (; at < count && strcmp(arguments[at], "--") != 0; at++) {
    if (strcmp(arguments[at], "no-refer") == 0) {
      if (!forbid_refer()) return 77;
    } else {
      if (at + 2 >= count || !deny(arguments[at + 1], atoi(arguments[at + 2]))) return 77;
      at += 2;
    }
  }
  execvp(arguments[at + 1], arguments + at + 1);
  return 127;
}
