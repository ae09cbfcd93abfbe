// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * The only program of the guest: takes devices over by VFIO, makes page tables
 * of them by iommufd, and does what the lines of /script say, in order. What it
 * has to tell goes byte by byte to port 0xe9, which QEMU writes into the file
 * that its trace goes to, in the order in which things happened. A message is
 * of capital letters, digits and commas, and ends in a semicolon: none can be
 * mistaken for a line of the trace, even if one cuts it in two.
 *
 * Numbers are in any base that strtoull() knows. A context is a device with an
 * iommufd, an address space (IOAS) and a parent page table of its own. WHICH is
 * a number of a stage-1 table, or "parent", "ioas" or "missing".
 *
 *   say TEXT                        a message
 *   context C BDF                   set a context up
 *   caps                            the capability registers: E<cap>,<ecap>;
 *   queue BDF                       ATS queue depth of a device: Q<n>;
 *   table C T                       a stage-1 table T of context C
 *   attach C WHICH, detach C        the device's page table
 *   map ADDR LENGTH                 user memory
 *   protect ADDR LENGTH r|rw        user memory becomes read-only, or not
 *   poke ADDR HEX                   bytes into user memory
 *   fill ADDR COUNT A N STRIDE F W  entries into user memory
 *   id ADDR END C WHICH             the id into the command at ADDR, as far
 *                                   as the memory goes
 *   call ID C ADDR END ARRAY BYTES  the ioctl: B<id>; before it, and
 *                                   R<id>,<errno>,<entry_num>,<ns>,<ticks>,<n>;
 *                                   after it; n: bytes of user memory that
 *                                   have changed beside entry_num
 *   flush C IOVA COUNT              map and unmap a page so often: U<i>; and
 *                                   V<i>; around each unmap
 *   spawn NAME, kill N, join        a process that does /NAME; K<ms>,<status>;
 *   begun                           wait until a call has begun since spawn
 *   word ADDR                       a word of user memory: W<n>;
 *   sleep MICROSECONDS
 *   exec PATH [ARGUMENT]            run a program to its end: X<status>;
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/iommufd.h>
#include <linux/vfio.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

enum {
	CONTEXTS = 2,
	TABLES = 4,
	CHILDREN = 8,
	DEBUG_PORT = 0xe9,
	COMMAND = 32,	/* bytes of struct iommu_hwpt_invalidate */
	COUNT_AT = 24,	/* its entry_num */
	ID_AT = 4,	/* its hwpt_id */
	PAGE = 4096,
};

struct context {
	int iommu;
	int device;
	uint32_t ioas;
	uint32_t parent;
	uint32_t table[TABLES];
};

static struct context contexts[CONTEXTS];
static uint32_t device_ids[CONTEXTS];
static pid_t children[CHILDREN];
static unsigned int children_count;

/* Shared by all processes */
static struct {
	atomic_flag telling;
	atomic_bool begun;
} *common;

static const char *script_name = "script";
static unsigned int line_number;

/* --- telling ---------------------------------------------------------- */

static void tell(const char *format, ...)
{
	char text[200];
	va_list args;
	int port = open("/dev/port", O_WRONLY);

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	while (atomic_flag_test_and_set(&common->telling))
		;
	for (const char *c = text; *c; c++)
		if (pwrite(port, c, 1, DEBUG_PORT) != 1)
			break;
	atomic_flag_clear(&common->telling);
	close(port);
}

static _Noreturn void finish(void)
{
	if (getpid() != 1)
		_exit(1);
	tell("Z;");
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

static _Noreturn void fail(const char *what)
{
	int error = errno;

	fprintf(stderr, "%s, line %u: %s: %s\n", script_name, line_number, what,
		strerror(error));
	tell("F%u,%d;", line_number, error);
	finish();
}

/* --- words of a line -------------------------------------------------- */

static const char *word(void)
{
	const char *w = strtok(NULL, " \n");

	if (!w) {
		errno = EINVAL;
		fail("a word is missing");
	}
	return w;
}

static uint64_t number(void)
{
	return strtoull(word(), NULL, 0);
}

static unsigned char *address(void)
{
	return (unsigned char *)(uintptr_t)number();
}

static struct context *context(void)
{
	return &contexts[number() % CONTEXTS];
}

static uint32_t which(const struct context *c)
{
	const char *w = word();

	if (!strcmp(w, "parent"))
		return c->parent;
	if (!strcmp(w, "ioas"))
		return c->ioas;
	if (!strcmp(w, "missing"))
		return 0x7ffffff0;
	return c->table[strtoul(w, NULL, 0) % TABLES];
}

/* --- devices and page tables ------------------------------------------ */

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fail(path);
	close(fd);
}

static void to_vfio(const char *bdf)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver_override",
		 bdf);
	write_file(path, "vfio-pci");
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver/unbind",
		 bdf);
	fd = open(path, O_WRONLY);
	if (fd >= 0) {
		if (write(fd, bdf, strlen(bdf)) < 0)
			fail(path);
		close(fd);
	}
	write_file("/sys/bus/pci/drivers_probe", bdf);
}

static int open_device(const char *bdf)
{
	char path[512];
	struct dirent *entry = NULL;
	DIR *dir;
	int fd = -1;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/vfio-dev", bdf);
	dir = opendir(path);
	while (dir && fd < 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/dev/vfio/devices/%s",
			 entry->d_name);
		fd = open(path, O_RDWR);
	}
	if (fd < 0)
		fail(path);
	closedir(dir);
	return fd;
}

static uint32_t page_table(struct context *c, uint32_t parent, uint32_t flags,
			   struct iommu_hwpt_vtd_s1 *stage1, uint32_t device)
{
	struct iommu_hwpt_alloc alloc = {
		.size = sizeof(alloc),
		.flags = flags,
		.dev_id = device,
		.pt_id = parent,
	};

	if (stage1) {
		alloc.data_type = IOMMU_HWPT_DATA_VTD_S1;
		alloc.data_len = sizeof(*stage1);
		alloc.data_uptr = (uintptr_t)stage1;
	}
	if (ioctl(c->iommu, IOMMU_HWPT_ALLOC, &alloc))
		fail("IOMMU_HWPT_ALLOC");
	return alloc.out_hwpt_id;
}

static void do_context(void)
{
	struct context *c = context();
	const char *bdf = word();
	struct vfio_device_bind_iommufd bind = { .argsz = sizeof(bind) };
	struct iommu_ioas_alloc ioas = { .size = sizeof(ioas) };

	to_vfio(bdf);
	c->device = open_device(bdf);
	c->iommu = open("/dev/iommu", O_RDWR);
	bind.iommufd = c->iommu;
	if (ioctl(c->device, VFIO_DEVICE_BIND_IOMMUFD, &bind))
		fail("VFIO_DEVICE_BIND_IOMMUFD");
	device_ids[c - contexts] = bind.out_devid;
	if (ioctl(c->iommu, IOMMU_IOAS_ALLOC, &ioas))
		fail("IOMMU_IOAS_ALLOC");
	c->ioas = ioas.out_ioas_id;
	c->parent = page_table(c, c->ioas, IOMMU_HWPT_ALLOC_NEST_PARENT, NULL,
			       bind.out_devid);
}

static void do_table(void)
{
	struct context *c = context();
	uint64_t t = number() % TABLES;
	struct iommu_hwpt_vtd_s1 stage1 = {
		.pgtbl_addr = 0x100000 * (t + 1),
		.addr_width = 48,
	};

	c->table[t] = page_table(c, c->parent, 0, &stage1,
				 device_ids[c - contexts]);
}

static void do_attach(void)
{
	struct context *c = context();
	struct vfio_device_attach_iommufd_pt attach = {
		.argsz = sizeof(attach),
		.pt_id = which(c),
	};

	if (ioctl(c->device, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach))
		fail("VFIO_DEVICE_ATTACH_IOMMUFD_PT");
}

static void do_detach(void)
{
	struct context *c = context();
	struct vfio_device_detach_iommufd_pt detach = {
		.argsz = sizeof(detach),
	};

	if (ioctl(c->device, VFIO_DEVICE_DETACH_IOMMUFD_PT, &detach))
		fail("VFIO_DEVICE_DETACH_IOMMUFD_PT");
}

static uint64_t hex_file(const char *path)
{
	char text[64] = "";
	int fd = open(path, O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		fail(path);
	close(fd);
	return strtoull(text, NULL, 16);
}

static void do_caps(void)
{
	uint64_t cap = hex_file("/sys/class/iommu/dmar0/intel-iommu/cap");
	uint64_t ecap = hex_file("/sys/class/iommu/dmar0/intel-iommu/ecap");

	tell("E%llu,%llu;", (unsigned long long)cap, (unsigned long long)ecap);
}

/* The capability 0xf of the extended ones; its depth of 0 means 32. */
static void do_queue(void)
{
	unsigned char config[PAGE];
	char path[128];
	unsigned int at = 256;
	uint32_t head;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", word());
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, config, sizeof(config)) != sizeof(config))
		fail(path);
	close(fd);
	while (at) {
		memcpy(&head, config + at, sizeof(head));
		if ((head & 0xffff) == 0xf) {
			tell("Q%u;", config[at + 4] & 0x1f);
			return;
		}
		at = head >> 20;
	}
	tell("Q;");
}

/* --- user memory ------------------------------------------------------ */

static void do_map(void)
{
	unsigned char *at = address();
	uint64_t length = number();

	if (mmap(at, length, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED | MAP_POPULATE, -1,
		 0) != at)
		fail("mmap");
}

static void do_protect(void)
{
	unsigned char *at = address();
	uint64_t length = number();
	bool writable = !strcmp(word(), "rw");

	if (mprotect(at, length, PROT_READ | (writable ? PROT_WRITE : 0)))
		fail("mprotect");
}

static unsigned int digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

static void do_poke(void)
{
	unsigned char *at = address();

	for (const char *hex = word(); hex[0] && hex[1]; hex += 2)
		*at++ = digit(hex[0]) << 4 | digit(hex[1]);
}

static void do_fill(void)
{
	struct iommu_hwpt_vtd_s1_invalidate *entry = (void *)address();
	uint64_t count = number(), addr = number(), npages = number();
	uint64_t stride = number(), flags = number(), last = number();

	for (uint64_t i = 0; i < count; i++, entry++, addr += stride) {
		entry->addr = addr;
		entry->npages = npages;
		entry->flags = flags;
		entry->__reserved = last;
	}
}

static void do_word(void)
{
	uint32_t value;

	memcpy(&value, address(), sizeof(value));
	tell("W%u;", value);
}

/* --- requests --------------------------------------------------------- */

static void do_id(void)
{
	unsigned char *at = address(), *end = address();
	uint32_t id = which(context());

	for (unsigned int i = 0; i < sizeof(id); i++)
		if (at + ID_AT + i < end)
			at[ID_AT + i] = id >> (8 * i);
}

/* What a call may not change. */
struct before {
	unsigned char *command;
	unsigned char *array;
	size_t bytes;
	unsigned char head[COMMAND];
	unsigned char *copy;
};

static size_t shorter(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t changes(const struct before *b, size_t head)
{
	size_t n = 0;

	for (size_t i = 0; i < head; i++)
		n += b->command[i] != b->head[i] &&
		     (i < COUNT_AT || i >= COUNT_AT + 4);
	for (size_t i = 0; i < b->bytes; i++)
		n += b->array[i] != b->copy[i];
	return n;
}

static uint64_t nanoseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void do_call(void)
{
	unsigned long long id = number();
	struct context *c = context();
	struct before b = { .command = address() };
	size_t head = shorter(address() - b.command, COMMAND);
	uint64_t ns, ticks;
	int error;

	b.array = address();
	b.bytes = number();
	b.copy = malloc(b.bytes + 1);
	memcpy(b.head, b.command, head);
	memcpy(b.copy, b.array, b.bytes);
	tell("B%llu;", id);
	common->begun = true;
	ns = nanoseconds();
	ticks = __rdtsc();
	error = ioctl(c->iommu, IOMMU_HWPT_INVALIDATE, b.command) ? errno : 0;
	ticks = __rdtsc() - ticks;
	ns = nanoseconds() - ns;
	if (head >= COUNT_AT + 4) {
		uint32_t count;

		memcpy(&count, b.command + COUNT_AT, sizeof(count));
		tell("R%llu,%d,%u,%llu,%llu,%zu;", id, error, count,
		     (unsigned long long)ns, (unsigned long long)ticks,
		     changes(&b, head));
	} else {
		tell("R%llu,%d,,%llu,%llu,%zu;", id, error,
		     (unsigned long long)ns, (unsigned long long)ticks,
		     changes(&b, head));
	}
	free(b.copy);
}

/* The kernel flushes what a page table of its own had, too. */
static void do_flush(void)
{
	struct context *c = context();
	uint64_t iova = number(), count = number();
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	for (unsigned int i = 0; i < count; i++) {
		struct iommu_ioas_map map = {
			.size = sizeof(map),
			.flags = IOMMU_IOAS_MAP_FIXED_IOVA |
				 IOMMU_IOAS_MAP_READABLE |
				 IOMMU_IOAS_MAP_WRITEABLE,
			.ioas_id = c->ioas,
			.user_va = (uintptr_t)page,
			.length = PAGE,
			.iova = iova,
		};
		struct iommu_ioas_unmap unmap = {
			.size = sizeof(unmap),
			.ioas_id = c->ioas,
			.iova = iova,
			.length = PAGE,
		};

		if (ioctl(c->iommu, IOMMU_IOAS_MAP, &map))
			fail("IOMMU_IOAS_MAP");
		tell("U%u;", i);
		if (ioctl(c->iommu, IOMMU_IOAS_UNMAP, &unmap))
			fail("IOMMU_IOAS_UNMAP");
		tell("V%u;", i);
	}
	munmap(page, PAGE);
}

/* --- processes -------------------------------------------------------- */

static void perform(const char *name);

static void do_spawn(void)
{
	const char *name = word();
	pid_t pid;

	common->begun = false;
	pid = fork();
	if (pid < 0 || children_count == CHILDREN)
		fail("fork");
	if (pid == 0) {
		perform(name);
		_exit(0);
	}
	children[children_count++] = pid;
}

static void do_begun(void)
{
	while (!common->begun)
		usleep(100);
}

static void do_kill(void)
{
	pid_t pid = children[number() % CHILDREN];

	tell("H;");
	if (kill(pid, SIGKILL))
		fail("kill");
}

static void do_join(void)
{
	uint64_t start = nanoseconds();

	for (unsigned int i = 0; i < children_count; i++) {
		int status = 0;

		if (waitpid(children[i], &status, 0) < 0)
			fail("waitpid");
		tell("K%llu,%d;",
		     (unsigned long long)(nanoseconds() - start) / 1000000,
		     status);
	}
	children_count = 0;
}

static void do_exec(void)
{
	const char *path = word();
	char *argument = strtok(NULL, " \n");
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		execl(path, path, argument, NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		fail("exec");
	tell("X%d;", status);
}

static void do_sleep(void)
{
	usleep(number());
}

static void do_say(void)
{
	tell("%s;", word());
}

/* --- the script ------------------------------------------------------- */

static const struct {
	const char *name;
	void (*perform)(void);
} operations[] = {
	{ "say", do_say },	   { "context", do_context },
	{ "caps", do_caps },	   { "queue", do_queue },
	{ "table", do_table },	   { "attach", do_attach },
	{ "detach", do_detach },   { "map", do_map },
	{ "protect", do_protect }, { "poke", do_poke },
	{ "fill", do_fill },	   { "word", do_word },
	{ "id", do_id },	   { "call", do_call },
	{ "flush", do_flush },	   { "spawn", do_spawn },
	{ "kill", do_kill },	   { "join", do_join },
	{ "exec", do_exec },	   { "sleep", do_sleep },
	{ "begun", do_begun },
};

static void perform_line(char *line)
{
	const char *name = strtok(line, " \n");

	if (!name)
		return;
	for (size_t i = 0; i < sizeof(operations) / sizeof(*operations); i++) {
		if (!strcmp(operations[i].name, name)) {
			operations[i].perform();
			return;
		}
	}
	errno = EINVAL;
	fail(name);
}

static void perform(const char *name)
{
	char *line = NULL;
	size_t size = 0;
	FILE *file = fopen(name, "re");

	script_name = name;
	line_number = 0;
	if (!file)
		fail(name);
	while (getline(&line, &size, file) > 0) {
		line_number++;
		perform_line(line);
	}
	free(line);
	fclose(file);
}

static void set_up(void)
{
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/dev", 0755);
	mkdir("/tmp", 0755);
	mount("none", "/proc", "proc", 0, NULL);
	mount("none", "/sys", "sysfs", 0, NULL);
	mount("none", "/sys/kernel/debug", "debugfs", 0, NULL);
	mount("none", "/dev", "devtmpfs", 0, NULL);
	mount("none", "/tmp", "tmpfs", 0, NULL);
	common = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

int main(void)
{
	set_up();
	perform("/script");
	finish();
}
