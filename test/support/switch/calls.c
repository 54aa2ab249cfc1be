/* The libc calls that the switch stands in front of: those with which Node 20's libuv changes files (seen by strace). */
#define _GNU_SOURCE
#include "switch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define NEXT(result, name, ...)                    \
  static result (*next)(__VA_ARGS__);              \
  if (!next) next = real(name)

/* A call of one path or descriptor with nothing to note beside it. */
#define FORWARD(prepare, call_next)                \
  struct call call;                                \
  prepare;                                         \
  if (enter(&call) == REFUSED) return -1;          \
  const int result = call_next;                    \
  leave(&call, result, NULL, 0);                   \
  return result

static int open_any(int (*next)(int, const char *, int, ...), int dirfd, const char *path, int flags, mode_t mode) {
  struct call call;
  if (!(flags & (O_CREAT | O_TRUNC))) return next(dirfd, path, flags, mode);
  call_path(&call, "open", dirfd, path);
  const unsigned long long before = call.number ? inode_of(dirfd, path) : 0;
  if (enter(&call) == REFUSED) return -1;
  const int fd = next(dirfd, path, flags, mode);
  if (call.number && fd >= 0) {
    const int error = errno;
    call.inode = inode_of_fd(fd);
    call.extra = !before || (flags & O_TRUNC);
    errno = error;
  }
  leave(&call, fd, NULL, 0);
  return fd;
}

#define MODE_ARGUMENT                              \
  mode_t mode = 0;                                 \
  if (flags & (O_CREAT | O_TMPFILE)) {             \
    va_list rest;                                  \
    va_start(rest, flags);                         \
    mode = va_arg(rest, mode_t);                   \
    va_end(rest);                                  \
  }                                                \
  NEXT(int, "openat64", int, const char *, int, ...)

int open(const char *path, int flags, ...) { MODE_ARGUMENT; return open_any(next, AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_ARGUMENT; return open_any(next, AT_FDCWD, path, flags, mode); }
int openat(int dirfd, const char *path, int flags, ...) { MODE_ARGUMENT; return open_any(next, dirfd, path, flags, mode); }
int openat64(int dirfd, const char *path, int flags, ...) { MODE_ARGUMENT; return open_any(next, dirfd, path, flags, mode); }

/* Every kind of write comes here as one buffer; `offset` -1 writes at the descriptor's position. */
static ssize_t write_any(int fd, const char *data, size_t size, off64_t offset) {
  static ssize_t (*next)(int, const void *, size_t);
  static ssize_t (*next_at)(int, const void *, size_t, off64_t);
  if (!next) next = real("write");
  if (!next_at) next_at = real("pwrite64");
  struct call call;
  call_fd(&call, "write", fd);
  if (call.number) {
    struct stat status;
    const int append = fcntl(fd, F_GETFL) & O_APPEND;
    call.extra = append && fstat(fd, &status) == 0 ? status.st_size : offset >= 0 ? offset : lseek64(fd, 0, SEEK_CUR);
  }
  const enum verdict verdict = enter(&call);
  if (verdict == REFUSED) return -1;
  const size_t part = verdict == HALF || verdict == HALF_THEN_DIE ? size / 2 : size;
  const ssize_t result = offset >= 0 ? next_at(fd, data, part, offset) : next(fd, data, part);
  leave(&call, result, data, result > 0 ? (size_t)result : 0);
  if (verdict == HALF_THEN_DIE) die();
  return result;
}

static ssize_t write_parts(int fd, const struct iovec *parts, int count, off64_t offset) {
  size_t size = 0;
  for (int i = 0; i < count; i++) size += parts[i].iov_len;
  char *data = malloc(size + 1);
  size_t at = 0;
  for (int i = 0; i < count; i++) {
    memcpy(data + at, parts[i].iov_base, parts[i].iov_len);
    at += parts[i].iov_len;
  }
  const ssize_t result = write_any(fd, data, size, offset);
  const int error = errno;
  free(data);
  errno = error;
  return result;
}

ssize_t write(int fd, const void *data, size_t size) { return write_any(fd, data, size, -1); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return write_any(fd, data, size, offset); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) { return write_any(fd, data, size, offset); }
ssize_t writev(int fd, const struct iovec *parts, int count) { return write_parts(fd, parts, count, -1); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) { return write_parts(fd, parts, count, offset); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) { return write_parts(fd, parts, count, offset); }

/* Copies inside the kernel carry no content to log: libuv falls back to reads and writes when told so. */
ssize_t sendfile64(int out, int in, off64_t *offset, size_t size) {
  struct call call;
  NEXT(ssize_t, "sendfile64", int, int, off64_t *, size_t);
  call_fd(&call, "sendfile", out);
  if (!call.number) return next(out, in, offset, size);
  errno = EINVAL;
  return -1;
}
long syscall(long number, ...) {
  NEXT(long, "syscall", long, ...);
  va_list rest;
  va_start(rest, number);
  long a[6];
  for (int i = 0; i < 6; i++) a[i] = va_arg(rest, long);
  va_end(rest);
  if (number == SYS_copy_file_range) {
    errno = ENOSYS;
    return -1;
  }
  return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int fsync(int fd) { NEXT(int, "fsync", int); FORWARD(call_fd(&call, "fsync", fd), next(fd)); }
int fdatasync(int fd) { NEXT(int, "fdatasync", int); FORWARD(call_fd(&call, "fsync", fd), next(fd)); }
static int truncate_any(int fd, off64_t length) {
  NEXT(int, "ftruncate64", int, off64_t);
  FORWARD(call_fd(&call, "ftruncate", fd); call.extra = length, next(fd, length));
}
int ftruncate(int fd, off_t length) { return truncate_any(fd, length); }
int ftruncate64(int fd, off64_t length) { return truncate_any(fd, length); }
int fchmod(int fd, mode_t mode) { NEXT(int, "fchmod", int, mode_t); FORWARD(call_fd(&call, "chmod", fd); call.extra = mode, next(fd, mode)); }
int fchown(int fd, uid_t user, gid_t group) { NEXT(int, "fchown", int, uid_t, gid_t); FORWARD(call_fd(&call, "fchown", fd), next(fd, user, group)); }

/* Two paths; the inode is that of what moves. */
#define FORWARD_TWO(name, from, path, to, other, call_next)                    \
  struct call call;                                                            \
  call_path(&call, name, from, path);                                          \
  call_other(&call, to, other);                                                \
  if (call.number) call.inode = inode_of(from, path);                          \
  if (enter(&call) == REFUSED) return -1;                                      \
  const int result = call_next;                                                \
  leave(&call, result, NULL, 0);                                               \
  return result

int rename(const char *path, const char *other) { NEXT(int, "rename", const char *, const char *); FORWARD_TWO("rename", AT_FDCWD, path, AT_FDCWD, other, next(path, other)); }
int renameat(int from, const char *path, int to, const char *other) { NEXT(int, "renameat", int, const char *, int, const char *); FORWARD_TWO("rename", from, path, to, other, next(from, path, to, other)); }
int renameat2(int from, const char *path, int to, const char *other, unsigned flags) { NEXT(int, "renameat2", int, const char *, int, const char *, unsigned); FORWARD_TWO("rename", from, path, to, other, next(from, path, to, other, flags)); }
int link(const char *path, const char *other) { NEXT(int, "link", const char *, const char *); FORWARD_TWO("link", AT_FDCWD, path, AT_FDCWD, other, next(path, other)); }
int linkat(int from, const char *path, int to, const char *other, int flags) { NEXT(int, "linkat", int, const char *, int, const char *, int); FORWARD_TWO("link", from, path, to, other, next(from, path, to, other, flags)); }

int unlink(const char *path) {
  NEXT(int, "unlink", const char *);
  if (strcmp(path, "/switch/serve") == 0) {
    serve();
    return 0;
  }
  if (strncmp(path, "/switch/exit/", 13) == 0) _exit(atoi(path + 13));
  FORWARD(call_path(&call, "unlink", AT_FDCWD, path), next(path));
}
int unlinkat(int dirfd, const char *path, int flags) { NEXT(int, "unlinkat", int, const char *, int); FORWARD(call_path(&call, flags & AT_REMOVEDIR ? "rmdir" : "unlink", dirfd, path), next(dirfd, path, flags)); }
int rmdir(const char *path) { NEXT(int, "rmdir", const char *); FORWARD(call_path(&call, "rmdir", AT_FDCWD, path), next(path)); }
int mkdir(const char *path, mode_t mode) { NEXT(int, "mkdir", const char *, mode_t); FORWARD(call_path(&call, "mkdir", AT_FDCWD, path); call.extra = mode, next(path, mode)); }
int mkdirat(int dirfd, const char *path, mode_t mode) { NEXT(int, "mkdirat", int, const char *, mode_t); FORWARD(call_path(&call, "mkdir", dirfd, path); call.extra = mode, next(dirfd, path, mode)); }
int symlink(const char *path, const char *other) { NEXT(int, "symlink", const char *, const char *); FORWARD(call_path(&call, "symlink", AT_FDCWD, other), next(path, other)); }
int chmod(const char *path, mode_t mode) { NEXT(int, "chmod", const char *, mode_t); FORWARD(call_path(&call, "chmod", AT_FDCWD, path); call.extra = mode, next(path, mode)); }
int chown(const char *path, uid_t user, gid_t group) { NEXT(int, "chown", const char *, uid_t, gid_t); FORWARD(call_path(&call, "chown", AT_FDCWD, path), next(path, user, group)); }
int lchown(const char *path, uid_t user, gid_t group) { NEXT(int, "lchown", const char *, uid_t, gid_t); FORWARD(call_path(&call, "lchown", AT_FDCWD, path), next(path, user, group)); }
int utimes(const char *path, const struct timeval *times) { NEXT(int, "utimes", const char *, const struct timeval *); FORWARD(call_path(&call, "utimes", AT_FDCWD, path), next(path, times)); }
int futimens(int fd, const struct timespec times[2]) { NEXT(int, "futimens", int, const struct timespec *); FORWARD(call_fd(&call, "utimes", fd), next(fd, times)); }
int utimensat(int dirfd, const char *path, const struct timespec times[2], int flags) { NEXT(int, "utimensat", int, const char *, const struct timespec *, int); FORWARD(call_path(&call, "utimes", dirfd, path), next(dirfd, path, times, flags)); }

/* The runtime's heap is marked as not to be taken along by a fork; the server's children need it. */
int madvise(void *start, size_t size, int advice) {
  NEXT(int, "madvise", void *, size_t, int);
  return advice == MADV_DONTFORK ? 0 : next(start, size, advice);
}
