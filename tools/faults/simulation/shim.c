/* Lets a harness decide over every call of a process that touches the files of one folder, the clock or chance.
 *
 * Loaded by LD_PRELOAD. Until `simulation_begin` nothing changes. From then on, each such call is first sent to the
 * harness, and waits for its reply: go on, fail with an errno, write only so many bytes, or die. What may go on is
 * then done by the kernel. The time is what the harness says, and random bytes come from its seed.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { HELLO, OPEN, READ, WRITE, SYNC, TRUNCATE, UNLINK, RENAME, LINK, MKDIR, LOCK, SLEEP, IS_ALIVE, EXIT };
enum { GO = 0, DIE = -1, SHORT = -2 };

struct request { int32_t what, flags; int64_t handle, offset, length; int32_t path, other; };
struct reply { int32_t action, unused; int64_t value, now; };

#define FILES 4096
#define RANDOM_FILE (-1)
static int64_t handles[FILES];  /* 0: none of the folder's files */
static int harness = -1, process;
static char folder[PATH_MAX];
static size_t folder_length;
static int64_t now;
static uint64_t chance;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static void all_of(int writes, void *data, size_t length)
{
    char *at = data;
    while (length) {
        long done = syscall(writes ? SYS_write : SYS_read, harness, at, length);
        if (done <= 0 && errno == EINTR) continue;
        if (done <= 0) syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);  /* the harness has gone */
        at += done;
        length -= done;
    }
}

static struct reply ask(int what, int flags, int64_t handle, int64_t offset, const void *data, int64_t length,
                        const char *path, const char *other)
{
    struct request request = {what, flags, handle, offset, length, path ? strlen(path) : 0, other ? strlen(other) : 0};
    struct reply reply;
    pthread_mutex_lock(&one_at_a_time);
    all_of(1, &request, sizeof request);
    if (path) all_of(1, (void *)path, request.path);
    if (other) all_of(1, (void *)other, request.other);
    if (data) all_of(1, (void *)data, length);
    all_of(0, &reply, sizeof reply);
    now = reply.now;
    pthread_mutex_unlock(&one_at_a_time);
    if (reply.action == DIE) syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
    if (reply.action > 0) errno = reply.action;
    return reply;
}

void simulation_begin(int socket, int number, const char *watched)
{
    harness = socket;
    process = number;
    strncpy(folder, watched, sizeof folder - 1);
    folder_length = strlen(folder);
    chance = ask(HELLO, 0, number, 0, NULL, 0, NULL, NULL).value | 1;
}

void simulation_end(int code) { ask(EXIT, code, 0, 0, NULL, 0, NULL, NULL); }

static unsigned char random_byte(void)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return chance >> 24;
}

static void random_bytes(void *buffer, size_t length)
{
    for (size_t place = 0; place < length; place++) ((unsigned char *)buffer)[place] = random_byte();
}

/* The path of a file of the folder, or of the folder itself; NULL for any other. */
static const char *watched(const char *path, char *whole)
{
    if (harness < 0 || path == NULL) return NULL;
    if (path[0] != '/') {
        if (getcwd(whole, PATH_MAX) == NULL) return NULL;
        size_t length = strlen(whole);
        snprintf(whole + length, PATH_MAX - length, "/%s", path);
        path = whole;
    }
    if (strncmp(path, folder, folder_length) != 0) return NULL;
    return path[folder_length] == '/' || path[folder_length] == 0 ? path : NULL;
}

static int64_t handle_of(int file) { return harness >= 0 && file >= 0 && file < FILES ? handles[file] : 0; }

/* --- names ------------------------------------------------------------------------------------------------------ */

static int open_at(int at, const char *path, int flags, mode_t mode)
{
    char whole[PATH_MAX];
    const char *name = watched(path, whole);
    int64_t handle = 0;
    if (name) {
        struct reply reply = ask(OPEN, flags, 0, 0, NULL, 0, name, NULL);
        if (reply.action > 0) return -1;
        handle = reply.value;
    } else if (harness >= 0 && path && strcmp(path, "/dev/urandom") == 0)
        handle = RANDOM_FILE;
    int file = syscall(SYS_openat, at, path, flags, mode);
    if (file >= 0 && file < FILES) handles[file] = handle;
    return file;
}

#define MODE va_list list; va_start(list, flags); mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, int) : 0; va_end(list)
int open(const char *path, int flags, ...) { MODE; return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE; return open_at(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE; return open_at(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE; return open_at(at, path, flags, mode); }

int close(int file)
{
    if (file >= 0 && file < FILES) handles[file] = 0;
    return syscall(SYS_close, file);
}

static int is_refused(int what, int flags, const char *path, const char *other)
{
    char one[PATH_MAX], two[PATH_MAX];
    const char *first = watched(path, one), *second = watched(other, two);
    return (first || second) && ask(what, flags, 0, 0, NULL, 0, first, second).action > 0;
}

int unlinkat(int at, const char *path, int flags)
{
    return is_refused(UNLINK, flags, path, NULL) ? -1 : syscall(SYS_unlinkat, at, path, flags);
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }

int renameat2(int at, const char *from, int to_at, const char *to, unsigned flags)
{
    return is_refused(RENAME, flags, from, to) ? -1 : syscall(SYS_renameat2, at, from, to_at, to, flags);
}
int renameat(int at, const char *from, int to_at, const char *to) { return renameat2(at, from, to_at, to, 0); }
int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

int linkat(int at, const char *from, int to_at, const char *to, int flags)
{
    return is_refused(LINK, flags, from, to) ? -1 : syscall(SYS_linkat, at, from, to_at, to, flags);
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int mkdirat(int at, const char *path, mode_t mode)
{
    return is_refused(MKDIR, 0, path, NULL) ? -1 : syscall(SYS_mkdirat, at, path, mode);
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

/* --- contents --------------------------------------------------------------------------------------------------- */

ssize_t read(int file, void *buffer, size_t length)
{
    int64_t handle = handle_of(file);
    if (handle == RANDOM_FILE) {
        random_bytes(buffer, length);
        return length;
    }
    if (handle && ask(READ, 0, handle, -1, NULL, length, NULL, NULL).action > 0) return -1;
    return syscall(SYS_read, file, buffer, length);
}

static ssize_t read_at(int file, void *buffer, size_t length, off_t offset)
{
    int64_t handle = handle_of(file);
    if (handle && ask(READ, 0, handle, offset, NULL, length, NULL, NULL).action > 0) return -1;
    return syscall(SYS_pread64, file, buffer, length, offset);
}
ssize_t pread(int file, void *buffer, size_t length, off_t offset) { return read_at(file, buffer, length, offset); }
ssize_t pread64(int file, void *buffer, size_t length, off64_t offset) { return read_at(file, buffer, length, offset); }

ssize_t write(int file, const void *buffer, size_t length)
{
    int64_t handle = handle_of(file);
    if (handle) {
        int is_append = syscall(SYS_fcntl, file, F_GETFL) & O_APPEND;
        int64_t offset = syscall(SYS_lseek, file, 0, is_append ? SEEK_END : SEEK_CUR);
        struct reply reply = ask(WRITE, 0, handle, offset, buffer, length, NULL, NULL);
        if (reply.action > 0) return -1;
        if (reply.action == SHORT) length = reply.value;
    }
    return syscall(SYS_write, file, buffer, length);
}

static ssize_t write_at(int file, const void *buffer, size_t length, off_t offset)
{
    int64_t handle = handle_of(file);
    if (handle) {
        struct reply reply = ask(WRITE, 0, handle, offset, buffer, length, NULL, NULL);
        if (reply.action > 0) return -1;
        if (reply.action == SHORT) length = reply.value;
    }
    return syscall(SYS_pwrite64, file, buffer, length, offset);
}
ssize_t pwrite(int file, const void *buffer, size_t length, off_t offset) { return write_at(file, buffer, length, offset); }
ssize_t pwrite64(int file, const void *buffer, size_t length, off64_t offset) { return write_at(file, buffer, length, offset); }

static int sync_file(int file, long call)
{
    int64_t handle = handle_of(file);
    if (handle) return ask(SYNC, 0, handle, 0, NULL, 0, NULL, NULL).action > 0 ? -1 : 0;  /* the disk is the harness's */
    return syscall(call, file);
}
int fsync(int file) { return sync_file(file, SYS_fsync); }
int fdatasync(int file) { return sync_file(file, SYS_fdatasync); }

static int truncate_file(int file, off_t length)
{
    int64_t handle = handle_of(file);
    if (handle && ask(TRUNCATE, 0, handle, 0, NULL, length, NULL, NULL).action > 0) return -1;
    return syscall(SYS_ftruncate, file, length);
}
int ftruncate(int file, off_t length) { return truncate_file(file, length); }
int ftruncate64(int file, off64_t length) { return truncate_file(file, length); }

/* What copies inside of the kernel cannot be seen: the caller reads and writes instead. */
ssize_t sendfile(int to, int from, off_t *offset, size_t length)
{
    if (handle_of(to) || handle_of(from)) return errno = ENOSYS, -1;
    return syscall(SYS_sendfile, to, from, offset, length);
}
ssize_t sendfile64(int to, int from, off64_t *offset, size_t length) { return sendfile(to, from, (off_t *)offset, length); }

static int control(int file, int command, void *argument)
{
    int64_t handle = handle_of(file);
    if (handle && (command == F_SETLK || command == F_SETLKW))
        ask(LOCK, ((struct flock *)argument)->l_type, handle, ((struct flock *)argument)->l_start, NULL,
            ((struct flock *)argument)->l_len, NULL, NULL);
    int answer = syscall(SYS_fcntl, file, command, argument);
    if ((command == F_DUPFD || command == F_DUPFD_CLOEXEC) && answer >= 0 && answer < FILES) handles[answer] = handle;
    return answer;
}
#define ARGUMENT va_list list; va_start(list, command); void *argument = va_arg(list, void *); va_end(list)
int fcntl(int file, int command, ...) { ARGUMENT; return control(file, command, argument); }
int fcntl64(int file, int command, ...) { ARGUMENT; return control(file, command, argument); }

/* --- the clock, chance, and who runs ---------------------------------------------------------------------------- */

#define SECOND 1000000000LL
#define BEGINNING (1700000000LL * SECOND)

int clock_gettime(clockid_t clock, struct timespec *found)
{
    if (harness < 0 || (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC))
        return syscall(SYS_clock_gettime, clock, found);
    int64_t instant = now + (clock == CLOCK_REALTIME ? BEGINNING : SECOND);
    found->tv_sec = instant / SECOND;
    found->tv_nsec = instant % SECOND;
    return 0;
}

int gettimeofday(struct timeval *restrict found, void *restrict zone)
{
    (void)zone;
    struct timespec instant;
    clock_gettime(CLOCK_REALTIME, &instant);
    found->tv_sec = instant.tv_sec;
    found->tv_usec = instant.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *found)
{
    struct timespec instant;
    clock_gettime(CLOCK_REALTIME, &instant);
    if (found) *found = instant.tv_sec;
    return instant.tv_sec;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *asked, struct timespec *left)
{
    if (harness < 0) {
        long failed = syscall(SYS_clock_nanosleep, clock, flags, asked, left);
        return failed ? errno : 0;
    }
    int64_t wait = asked->tv_sec * SECOND + asked->tv_nsec;
    if (flags & TIMER_ABSTIME) {
        struct timespec instant;
        clock_gettime(clock, &instant);
        wait -= instant.tv_sec * SECOND + instant.tv_nsec;
    }
    ask(SLEEP, 0, 0, 0, NULL, wait > 0 ? wait : 0, NULL, NULL);
    return 0;
}

int nanosleep(const struct timespec *asked, struct timespec *left)
{
    int failed = clock_nanosleep(CLOCK_MONOTONIC, 0, asked, left);
    return failed ? errno = failed, -1 : 0;
}

int usleep(useconds_t microseconds)
{
    struct timespec asked = {microseconds / 1000000, microseconds % 1000000 * 1000};
    return nanosleep(&asked, NULL);
}

unsigned sleep(unsigned seconds)
{
    struct timespec asked = {seconds, 0};
    nanosleep(&asked, NULL);
    return 0;
}

ssize_t getrandom(void *buffer, size_t length, unsigned flags)
{
    if (harness < 0) return syscall(SYS_getrandom, buffer, length, flags);
    random_bytes(buffer, length);
    return length;
}

pid_t getpid(void) { return harness < 0 ? syscall(SYS_getpid) : process; }

int kill(pid_t number, int sent)
{
    if (harness < 0) return syscall(SYS_kill, number, sent);
    if (number == process) return syscall(SYS_kill, syscall(SYS_getpid), sent);
    return ask(IS_ALIVE, sent, number, 0, NULL, 0, NULL, NULL).action > 0 ? -1 : 0;
}
