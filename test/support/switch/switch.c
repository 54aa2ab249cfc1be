/*
 * Preloaded below a program under test: numbers every libc call that changes the file system below one folder, logs
 * it, and kills the process or fails the call where an order says so. The program knows nothing of it.
 *
 * A preloaded program may also turn itself into a server: unlink("/switch/serve") reads orders from standard input,
 * one a line, and forks a child for each, in which the unlink returns. A child of a warm process costs a few
 * milliseconds, a new process a hundred. unlink("/switch/exit/<code>") ends such a child at once, because the
 * runtime would wait for threads that a fork does not take along.
 *
 * Order: <mode> <number> <errno> <folder> <log file or ->
 * Log line, tab-separated: number name path other inode extra result errno content-in-hex
 */
#define _GNU_SOURCE
#include "switch.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
  enum mode mode;
  long at;
  int error;
  char folder[PATH_MAX];
  size_t length;
  int log;
} order = {.log = -1};
static long counter;

#define LIFETIME_SECONDS 20

void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static ssize_t plain_write(int fd, const void *data, size_t size) {
  static ssize_t (*next)(int, const void *, size_t);
  if (!next) next = real("write");
  return next(fd, data, size);
}

void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* A path as it would be below the root: descriptors and the working folder resolved, links not. */
static void absolute(char *out, int dirfd, const char *path) {
  char link[64];
  ssize_t length = 0;
  if (path[0] == '/') {
    if (strncmp(path, "/proc/self/fd/", 14) != 0) {
      snprintf(out, PATH_MAX, "%s", path);
      return;
    }
    const char *rest = strchr(path + 14, '/');
    dirfd = atoi(path + 14);
    path = rest ? rest + 1 : "";
  }
  if (dirfd == AT_FDCWD) snprintf(link, sizeof link, "/proc/self/cwd");
  else snprintf(link, sizeof link, "/proc/self/fd/%d", dirfd);
  length = readlink(link, out, PATH_MAX - 1);
  if (length < 0) length = 0;
  out[length] = 0;
  if (path[0]) snprintf(out + length, PATH_MAX - (size_t)length, "/%s", path);
}

/* Cuts the watched folder off a path, in place; says whether it was there. */
static int inside(char *path) {
  if (order.mode == MODE_OFF || strncmp(path, order.folder, order.length) != 0) return 0;
  if (path[order.length] == 0) {
    strcpy(path, ".");
    return 1;
  }
  if (path[order.length] != '/') return 0;
  memmove(path, path + order.length + 1, strlen(path + order.length));
  return 1;
}

void call_path(struct call *call, const char *name, int dirfd, const char *path) {
  call->name = name;
  call->number = 0;
  call->extra = 0;
  call->inode = 0;
  call->other[0] = 0;
  call->path[0] = 0;
  if (order.mode == MODE_OFF || !path) return;
  absolute(call->path, dirfd, path);
  if (inside(call->path)) call->number = 1;
}

void call_other(struct call *call, int dirfd, const char *path) {
  if (order.mode == MODE_OFF || !path) return;
  absolute(call->other, dirfd, path);
  if (inside(call->other)) call->number = 1;
}

void call_fd(struct call *call, const char *name, int fd) {
  call_path(call, name, fd, "");
  if (call->number) call->inode = inode_of_fd(fd);
}

unsigned long long inode_of(int dirfd, const char *path) {
  struct stat status;
  return fstatat(dirfd, path, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status.st_ino : 0;
}

unsigned long long inode_of_fd(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 ? status.st_ino : 0;
}

enum verdict enter(struct call *call) {
  if (!call->number) return PASS;
  call->number = __sync_add_and_fetch(&counter, 1);
  const int here = call->number == order.at;
  if (here && order.mode == MODE_KILL_BEFORE) die();
  if (here && order.mode == MODE_KILL_HALF) return HALF_THEN_DIE;
  if (here && order.mode == MODE_SHORT) return HALF;
  if ((here && order.mode == MODE_FAIL) || (order.mode == MODE_FAIL_FROM && call->number >= order.at)) {
    errno = order.error;
    leave(call, -1, NULL, 0);
    errno = order.error;
    return REFUSED;
  }
  return COUNTED;
}

void leave(struct call *call, long result, const void *data, size_t size) {
  const int error = result == -1 ? errno : 0;
  if (!call->number) return;
  if (order.log >= 0) {
    const size_t room = 2 * PATH_MAX + 256 + 2 * size;
    char *line = malloc(room);
    int at = snprintf(line, room, "%ld\t%s\t%s\t%s\t%llu\t%lld\t%ld\t%d\t", call->number, call->name, call->path,
                      call->other, call->inode, call->extra, result, error);
    for (size_t i = 0; i < size; i++) at += sprintf(line + at, "%02x", ((const unsigned char *)data)[i]);
    line[at++] = '\n';
    plain_write(order.log, line, (size_t)at);
    free(line);
  }
  if (order.mode == MODE_KILL_AFTER && call->number == order.at) die();
  errno = error;
}

static int read_line(char *line, size_t room) {
  size_t at = 0;
  while (at + 1 < room && read(0, line + at, 1) == 1) {
    if (line[at] == '\n') {
      line[at] = 0;
      return 1;
    }
    at++;
  }
  return 0;
}

static void take(const char *line) {
  char log[PATH_MAX];
  int mode = 0;
  int (*open_file)(const char *, int, ...) = real("open");
  if (sscanf(line, "%d %ld %d %4095s %4095s", &mode, &order.at, &order.error, order.folder, log) != 5) die();
  order.length = strlen(order.folder);
  order.log = strcmp(log, "-") == 0 ? -1 : open_file(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  counter = 0;
  order.mode = (enum mode)mode;
}

void serve(void) {
  char line[2 * PATH_MAX + 64];
  char answer[64];
  while (read_line(line, sizeof line)) {
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
      /* Ends a child that hangs, whatever became of those who wait for it. */
      alarm(LIFETIME_SECONDS);
      take(line);
      return;
    }
    if (child < 0 || waitpid(child, &status, 0) < 0) status = -1;
    plain_write(1, answer, (size_t)snprintf(answer, sizeof answer, "ended %d\n", status));
  }
  _exit(0);
}
