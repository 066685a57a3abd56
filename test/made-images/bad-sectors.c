/* Makes reads of one file fail with EIO if they touch a range of bytes, like a disk with bad sectors. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int fails(int fd, off_t at, size_t length) {
  const char *file = getenv("BAD_FILE"), *from = getenv("BAD_FROM"), *to = getenv("BAD_TO");
  struct stat wanted, here;
  if (!file || !from || !to || stat(file, &wanted) || fstat(fd, &here)) return 0;
  if (wanted.st_ino != here.st_ino || wanted.st_dev != here.st_dev) return 0;
  if (at >= atoll(to) || at + (off_t)length <= atoll(from)) return 0;
  errno = EIO;
  return 1;
}

static size_t total(const struct iovec *parts, int count) {
  size_t sum = 0;
  for (int i = 0; i < count; i++) sum += parts[i].iov_len;
  return sum;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t pread(int fd, void *to, size_t length, off_t at) {
  return fails(fd, at, length) ? -1 : NEXT(pread)(fd, to, length, at);
}
ssize_t pread64(int fd, void *to, size_t length, off64_t at) {
  return fails(fd, at, length) ? -1 : NEXT(pread64)(fd, to, length, at);
}
ssize_t preadv(int fd, const struct iovec *parts, int count, off_t at) {
  return fails(fd, at, total(parts, count)) ? -1 : NEXT(preadv)(fd, parts, count, at);
}
ssize_t preadv64(int fd, const struct iovec *parts, int count, off64_t at) {
  return fails(fd, at, total(parts, count)) ? -1 : NEXT(preadv64)(fd, parts, count, at);
}
ssize_t read(int fd, void *to, size_t length) {
  return fails(fd, lseek(fd, 0, SEEK_CUR), length) ? -1 : NEXT(read)(fd, to, length);
}
