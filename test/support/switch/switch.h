/* What the parts of the switch share: the order to carry out, and how one call enters and leaves it. */
#ifndef SWITCH_H
#define SWITCH_H

#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

enum mode { MODE_OFF, MODE_COUNT, MODE_KILL_BEFORE, MODE_KILL_AFTER, MODE_KILL_HALF, MODE_SHORT, MODE_FAIL, MODE_FAIL_FROM };

/* What enter() tells the caller to do. */
enum verdict { PASS, COUNTED, REFUSED, HALF_THEN_DIE, HALF };

struct call {
  long number; /* 0: outside the watched folder */
  const char *name;
  char path[PATH_MAX];
  char other[PATH_MAX]; /* second path of rename and link */
  long long extra;      /* offset of a write, length of a truncation, mode of mkdir and chmod, 1 where open emptied or created */
  unsigned long long inode;
};

/* Makes a call of a path or descriptor; `number` stays 0 where it is not below the watched folder. */
void call_path(struct call *call, const char *name, int dirfd, const char *path);
void call_other(struct call *call, int dirfd, const char *path);
void call_fd(struct call *call, const char *name, int fd);

enum verdict enter(struct call *call);
/* Logs the call with its result, then dies if ordered to. `data` may be NULL. */
void leave(struct call *call, long result, const void *data, size_t size);
void die(void);

/* Serves orders from standard input; returns in a forked child only, ready to run. */
void serve(void);

unsigned long long inode_of(int dirfd, const char *path);
unsigned long long inode_of_fd(int fd);
void *real(const char *name);

#endif
