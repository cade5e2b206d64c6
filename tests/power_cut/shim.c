/* Keeps a journal of all that a program does to the files of one folder, so that a test can rebuild the
 * disk as a power cut would have left it. Loaded by LD_PRELOAD; POWER_CUT_DISK is the folder,
 * POWER_CUT_JOURNAL the journal, outside of it.
 *
 * A record: op (1 byte), inode (8), number (8), then twice a length (8) and so many bytes. It is appended
 * by one write after the deed itself, so that records of one thread, and of threads that wait for each
 * other, stand in the order of the deeds.
 *
 *   C create path            T truncate to number       S sync the file's content
 *   W write at number, data  R rename path, path        D sync the folder path
 *   U unlink path            L link path, path
 *
 * SQLite's -shm is left out: it is memory, and never survives. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PATH 4096

static int journal(void) {
    static int fd = -1;
    const char *name = getenv("POWER_CUT_JOURNAL");
    if (fd < 0 && name) fd = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    return fd;
}

static int is_watched(const char *path) {
    const char *disk = getenv("POWER_CUT_DISK");
    size_t length = disk ? strlen(disk) : 0, all = strlen(path);
    if (!length || strncmp(path, disk, length) || (path[length] && path[length] != '/')) return 0;
    return all < 4 || strcmp(path + all - 4, "-shm");
}

static void record(char op, uint64_t inode, uint64_t number, const void *a, uint64_t a_length,
                   const void *b, uint64_t b_length) {
    int kept = errno;
    struct iovec parts[] = {
        {&op, 1},        {&inode, 8},        {&number, 8}, {&a_length, 8}, {(void *)a, a_length},
        {&b_length, 8},  {(void *)b, b_length},
    };
    uint64_t all = 1 + 8 * 4 + a_length + b_length;
    if (syscall(SYS_writev, journal(), parts, 7) != (long)all) abort();
    errno = kept;
}

/* The path of an argument, from the root and without "./". */
static const char *whole(const char *path, char *buffer) {
    if (path[0] == '/') return path;
    while (!strncmp(path, "./", 2)) path += 2;
    if (!getcwd(buffer, PATH)) abort();
    size_t length = strlen(buffer);
    snprintf(buffer + length, PATH - length, "/%s", path);
    return buffer;
}

/* The inode of an open file that is watched; 0 for any other. */
static uint64_t watched(int fd, char *path, int *is_folder) {
    char link[64];
    struct stat about;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    if (!is_watched(path) || fstat(fd, &about) || !about.st_nlink) return 0;
    *is_folder = S_ISDIR(about.st_mode);
    return about.st_ino;
}

static void wrote(int fd, uint64_t at, const void *data, ssize_t length) {
    char path[PATH];
    int is_folder, kept = errno;
    uint64_t inode = length > 0 ? watched(fd, path, &is_folder) : 0;
    if (inode) record('W', inode, at, "", 0, data, length);
    errno = kept;
}

ssize_t write(int fd, const void *data, size_t length) {
    ssize_t done = syscall(SYS_write, fd, data, length);
    int kept = errno;
    off_t end = done > 0 ? lseek(fd, 0, SEEK_CUR) : -1;
    errno = kept;
    if (end >= 0) wrote(fd, end - done, data, done);
    return done;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) {
    ssize_t done = syscall(SYS_pwrite64, fd, data, length, at);
    wrote(fd, at, data, done);
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { return pwrite64(fd, data, length, at); }

int ftruncate64(int fd, off64_t length) {
    char path[PATH];
    int is_folder, done = syscall(SYS_ftruncate, fd, length);
    uint64_t inode = done ? 0 : watched(fd, path, &is_folder);
    if (inode) record('T', inode, length, "", 0, "", 0);
    return done;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int synced(int fd, int done) {
    char path[PATH];
    int is_folder = 0;
    uint64_t inode = done ? 0 : watched(fd, path, &is_folder);
    if (inode) record(is_folder ? 'D' : 'S', inode, 0, path, strlen(path), "", 0);
    return done;
}

int fsync(int fd) { return synced(fd, syscall(SYS_fsync, fd)); }
int fdatasync(int fd) { return synced(fd, syscall(SYS_fdatasync, fd)); }

static int opened(int folder, const char *path, int flags, mode_t mode) {
    char buffer[PATH];
    struct stat about;
    const char *name = folder == AT_FDCWD ? whole(path, buffer) : path;
    int may_change = (flags & (O_CREAT | O_TRUNC)) && is_watched(name);
    int is_new = may_change && syscall(SYS_faccessat, AT_FDCWD, name, F_OK);
    int fd = syscall(SYS_openat, folder, path, flags, mode);
    if (fd < 0 || !may_change || fstat(fd, &about)) return fd;
    if (is_new) record('C', about.st_ino, 0, name, strlen(name), "", 0);
    else if (flags & O_TRUNC) record('T', about.st_ino, 0, "", 0, "", 0);
    return fd;
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & O_CREAT) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags) return opened(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags) return opened(at, path, flags, mode); }

static void renamed(char op, const char *from, const char *to) {
    char a[PATH], b[PATH];
    const char *whole_from = whole(from, a), *whole_to = whole(to, b);
    if (is_watched(whole_from)) record(op, 0, 0, whole_from, strlen(whole_from), whole_to, strlen(whole_to));
}

int rename(const char *from, const char *to) {
    int done = syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    if (!done) renamed('R', from, to);
    return done;
}

int linkat(int at, const char *from, int to_at, const char *to, int flags) {
    int done = syscall(SYS_linkat, at, from, to_at, to, flags);
    if (!done) renamed('L', from, to);
    return done;
}

int unlink(const char *path) {
    char buffer[PATH];
    int done = syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    const char *name = whole(path, buffer);
    if (!done && is_watched(name)) record('U', 0, 0, name, strlen(name), "", 0);
    return done;
}
