/* Lets chosen calls to the disk fail, for files whose path holds FAILING_IO_PATH. Loaded with LD_PRELOAD.
 * FAILING_IO_CONTROL names a file of four numbers that both sides map: how many calls there were, which call fails
 * (0: none), whether all later ones fail too, and with which error. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FDS 4096
static volatile int64_t *control;
static unsigned char watched[FDS];

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void map_control(void) {
    int (*really)(const char *, int, ...) = real("open");
    const char *path = getenv("FAILING_IO_CONTROL");
    int fd = path ? really(path, O_RDWR) : -1;
    if (fd < 0) return;
    void *place = mmap(NULL, 4 * sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (place != MAP_FAILED) control = place;
    close(fd);
}

static int fails(void) {
    if (!control) return 0;
    int64_t at = __sync_add_and_fetch(&control[0], 1);
    if (!control[1] || at < control[1] || (at > control[1] && !control[2])) return 0;
    errno = (int)control[3];
    return 1;
}

static int is_watched(int fd) { return fd >= 0 && fd < FDS && watched[fd]; }

static int watches(const char *path) {
    const char *part = getenv("FAILING_IO_PATH");
    return part && path && strstr(path, part) != NULL;
}

#define OPENS(NAME)                                                        \
    int NAME(const char *path, int flags, ...) {                           \
        va_list rest; va_start(rest, flags);                               \
        mode_t mode = va_arg(rest, mode_t); va_end(rest);                  \
        if (watches(path) && fails()) return -1;                           \
        int (*really)(const char *, int, ...) = real(#NAME);               \
        int fd = really(path, flags, mode);                                \
        if (fd >= 0 && fd < FDS) watched[fd] = (unsigned char)watches(path); \
        return fd;                                                         \
    }
OPENS(open)
OPENS(open64)

#define ON_FD(KIND, NAME, TAKES, GIVES)                                    \
    KIND NAME TAKES {                                                      \
        if (is_watched(fd) && fails()) return -1;                          \
        KIND(*really) TAKES = real(#NAME);                                 \
        return really GIVES;                                               \
    }
ON_FD(ssize_t, write, (int fd, const void *data, size_t n), (fd, data, n))
ON_FD(ssize_t, pwrite, (int fd, const void *data, size_t n, off_t at), (fd, data, n, at))
ON_FD(ssize_t, pwrite64, (int fd, const void *data, size_t n, off64_t at), (fd, data, n, at))
ON_FD(int, fsync, (int fd), (fd))
ON_FD(int, fdatasync, (int fd), (fd))
ON_FD(int, ftruncate, (int fd, off_t n), (fd, n))
ON_FD(int, ftruncate64, (int fd, off64_t n), (fd, n))
