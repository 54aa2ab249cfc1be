/*
 * Preloaded below a program under test: exchanges an entry for another thing at the n-th call that names a path, so that
 * every moment between a look and what follows it can be tried, one after another.
 *
 * unlink("/step/<number>/<how>") arms it: `during` puts things back after that one call, `between` exchanges behind it
 * and puts back before the next, `from` leaves them exchanged. unlink("/step/off") disarms it and leaves "<calls> <exchanges>" in STEP_COUNT.
 * STEP_THING and STEP_TARGET name the two entries.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static long calls, at, exchanges;
static char how;
static int armed, placed;

static int swap(unsigned flags, const char *from, const char *into) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, into, flags) == 0;
}

static void put(void) {
  const char *thing = getenv("STEP_THING"), *target = getenv("STEP_TARGET");
  placed = 0;
  if (swap(RENAME_EXCHANGE, thing, target)) exchanges++;
  else if (swap(RENAME_NOREPLACE, thing, target)) placed = 1, exchanges++;
  else placed = -1;
}

static void put_back(void) {
  const char *thing = getenv("STEP_THING"), *target = getenv("STEP_TARGET");
  if (placed == 1) swap(RENAME_NOREPLACE, target, thing);
  else if (placed == 0 && !swap(RENAME_EXCHANGE, thing, target)) swap(RENAME_NOREPLACE, thing, target);
}

static int enter(void) {
  if (!armed) return 0;
  calls++;
  if (how == 'b' && calls == at + 1) put_back();
  if (calls != at) return 0;
  if (how != 'b') put();
  return 1;
}

static void leave(int here) {
  if (!here) return;
  const int error = errno;
  if (how == 'b') put();
  if (how == 'd') put_back();
  errno = error;
}

#define NEXT(result, name, ...)                \
  static result (*next)(__VA_ARGS__);          \
  if (!next) *(void **)&next = dlsym(RTLD_NEXT, name)

#define WRAP(result, name, parameters, ...)    \
  result name parameters {                     \
    static result(*next) parameters;           \
    if (!next) *(void **)&next = dlsym(RTLD_NEXT, #name); \
    const int here = enter();                  \
    result answer = next(__VA_ARGS__);         \
    leave(here);                               \
    return answer;                             \
  }

WRAP(int, mkdir, (const char *path, mode_t mode), path, mode)
WRAP(int, rmdir, (const char *path), path)
WRAP(int, rename, (const char *from, const char *to), from, to)
WRAP(int, link, (const char *from, const char *to), from, to)
WRAP(int, symlink, (const char *from, const char *to), from, to)
WRAP(int, chmod, (const char *path, mode_t mode), path, mode)
WRAP(int, access, (const char *path, int mode), path, mode)
WRAP(ssize_t, readlink, (const char *path, char *buffer, size_t size), path, buffer, size)
WRAP(DIR *, opendir, (const char *path), path)

/* libuv asks for statx by its number. */
long any_call(long number, long a, long b, long c, long d, long e, long f) __asm__("syscall");
long any_call(long number, long a, long b, long c, long d, long e, long f) {
  NEXT(long, "syscall", long, long, long, long, long, long, long);
  const int here = number == SYS_statx && *(const char *)b ? enter() : 0;
  const long answer = next(number, a, b, c, d, e, f);
  leave(here);
  return answer;
}

int unlink(const char *path) {
  NEXT(int, "unlink", const char *);
  if (strncmp(path, "/step/", 6) == 0) {
    static char count[64];
    armed = strcmp(path, "/step/off") != 0;
    snprintf(count, sizeof count, "%ld %ld", calls, exchanges);
    setenv("STEP_COUNT", count, 1);
    calls = exchanges = 0;
    at = atol(path + 6);
    const char *word = strrchr(path, '/');
    how = word ? word[1] : 'd';
    return 0;
  }
  const int here = enter();
  const int answer = next(path);
  leave(here);
  return answer;
}

#define OPEN(name, parameters, ...)            \
  int name parameters {                        \
    mode_t mode = 0;                           \
    va_list rest;                              \
    va_start(rest, flags);                     \
    if (flags & (O_CREAT | O_TMPFILE)) mode = va_arg(rest, mode_t); \
    va_end(rest);                              \
    NEXT(int, "openat64", int, const char *, int, ...); \
    const int here = enter();                  \
    const int answer = next(__VA_ARGS__, path, flags, mode); \
    leave(here);                               \
    return answer;                             \
  }

OPEN(open, (const char *path, int flags, ...), AT_FDCWD)
OPEN(open64, (const char *path, int flags, ...), AT_FDCWD)
OPEN(openat, (int dirfd, const char *path, int flags, ...), dirfd)
OPEN(openat64, (int dirfd, const char *path, int flags, ...), dirfd)
