/*
 * exchange <project>: exchanges entries of a project for other things and back, as fast as it can, while others use
 * them. Orders on standard input, one a line; each is acknowledged by one line, once nothing of the last one stands:
 *   attack <kind> <path> [<link target>]   path relative to the project
 *   rest
 * Kinds: link, fifo, folder, links (a real folder that is full of links to the target's entries).
 * The answer: "<exchanges so far> <1 where the kernel confines us>". Below Landlock, where there is one, so that it
 * can write nowhere but in the project, whatever it exchanges.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static char kind[16], target[4096], to[4096];
static const char *const thing = ".exchange/thing";
static unsigned long exchanges;
static unsigned seed = 1;

static int confine(const char *project) {
  const __u64 rights = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                       LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                       LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER;
  struct landlock_ruleset_attr attributes = {.handled_access_fs = rights};
  const int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
  if (rules < 0) return 0;
  struct landlock_path_beneath_attr beneath = {.allowed_access = rights, .parent_fd = open(project, O_PATH | O_CLOEXEC)};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0 &&
         syscall(SYS_landlock_restrict_self, rules, 0) == 0;
}

static void spin(long nanoseconds) {
  struct timespec began, now;
  clock_gettime(CLOCK_MONOTONIC, &began);
  do clock_gettime(CLOCK_MONOTONIC, &now);
  while ((now.tv_sec - began.tv_sec) * 1000000000L + now.tv_nsec - began.tv_nsec < nanoseconds);
}

/* Mostly the length of a system call or two, at times of a whole call of the subject. */
static long moment(void) {
  const long lengths[] = {500, 1000, 2000, 4000, 8000, 16000, 32000, 64000};
  return (long)(rand_r(&seed) % 1000) * lengths[(unsigned)rand_r(&seed) % 8] / 1000;
}

static void put_links(const char *folder) {
  char name[4096 + 300], aim[4096 + 300];
  DIR *entries = opendir(to);
  if (!entries) return;
  for (struct dirent *entry; (entry = readdir(entries));) {
    if (entry->d_name[0] == '.' && (!entry->d_name[1] || entry->d_name[1] == '.')) continue;
    snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
    snprintf(aim, sizeof aim, "%s/%s", to, entry->d_name);
    if (symlink(aim, name) != 0) break;
  }
  closedir(entries);
}

/* Out of the way: what stands there may by now be the subject's. */
static void clear_thing(void) {
  static unsigned long number;
  char away[64];
  if (unlink(thing) == 0 || rmdir(thing) == 0 || errno == ENOENT) return;
  snprintf(away, sizeof away, ".exchange/away-%lu", number++);
  rename(thing, away);
}

static void make_thing(void) {
  clear_thing();
  if (strcmp(kind, "link") == 0) symlink(to, thing);
  else if (strcmp(kind, "fifo") == 0) mkfifo(thing, 0666);
  else if (mkdir(thing, 0777) == 0 && strcmp(kind, "links") == 0) put_links(thing);
}

static int swap(unsigned flags, const char *from, const char *into) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, into, flags) == 0;
}

static void once(void) {
  struct stat there;
  if (lstat(thing, &there) != 0) make_thing();
  const int exchanged = swap(RENAME_EXCHANGE, thing, target);
  if (!exchanged && !swap(RENAME_NOREPLACE, thing, target)) return spin(1000);
  exchanges++;
  spin(moment());
  if (exchanged && swap(RENAME_EXCHANGE, thing, target)) return;
  /* Nothing stood there, or nothing does any more: ours goes, and what the subject needs comes back. */
  if (!exchanged) swap(RENAME_NOREPLACE, target, thing);
  else swap(RENAME_NOREPLACE, thing, target);
}

int main(int count, char **arguments) {
  if (count != 2 || chdir(arguments[1]) != 0) return 2;
  umask(0);
  mkdir(".exchange", 0777);
  const int confined = confine(arguments[1]);
  char line[9000];
  seed = (unsigned)getpid();
  for (int resting = 1;;) {
    struct pollfd input = {.fd = 0, .events = POLLIN};
    if (poll(&input, 1, resting ? -1 : 0) > 0) {
      size_t at = 0;
      while (at + 1 < sizeof line && read(0, line + at, 1) == 1 && line[at] != '\n') at++;
      if (at == 0) return 0;
      line[at] = 0;
      to[0] = 0;
      resting = sscanf(line, "attack %15s %4095s %4095s", kind, target, to) < 2;
      clear_thing();
      if (!resting) make_thing();
      printf("%lu %d\n", exchanges, confined);
      fflush(stdout);
    } else if (!resting) {
      once();
      spin(moment());
    }
  }
}
