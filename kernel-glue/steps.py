# SPDX-License-Identifier: GPL-2.0-only
"""What is done to a kernel tree, step by step: one patch of the series each.

Of the kernel's own text there is no more here than the anchors need.
"""
from edit import (After, Before, CutFrom, Delete, DeleteFunction, Either,
                  Replace, ReplaceRange)

DRIVER = "drivers/iommu/intel/"
GLUE = DRIVER + "s1inv/"

CORE = ["copyin", "walk", "vtd", "vtd_audit", "vtd_cover", "vtd_encode",
        "vtd_fault", "vtd_queue"]


def core_files():
    """Files of the core, as they are, and the two-line objects."""
    files = {GLUE + "ref/%s.c" % name: "ref/%s.c" % name for name in CORE}
    for name in ("s1inv", "uapi", "vtd_spec"):
        files[GLUE + "include/s1inv/%s.h" % name] = (
            "include/s1inv/%s.h" % name)
    for name in ["include/s1inv/env.h"] + [name + ".c" for name in CORE]:
        files[GLUE + name] = "kernel-glue/linux/" + name
    return files


def glue_files(*names):
    return {GLUE + name: "kernel-glue/linux/" + name for name in names}


class Step:
    """One patch.

    @files: new or replaced files, path in the kernel tree to path here, or to
        that and edits that take away what a later step brings
    @edits: path in the kernel tree to edits, done behind @files
    @made: path in the kernel tree to a command that prints its text
    @fixes: commits of mainline whose defects it mends
    """

    def __init__(self, title, body, files=None, edits=None, made=None,
                 fixes=()):
        self.title = title
        self.body = body
        self.fixes = fixes
        self.files = files or {}
        self.edits = edits or {}
        self.made = made or {}


RAW_LOCK = {
    DRIVER + "iommu.h": [
        Replace("	spinlock_t device_rbtree_lock;",
                "	raw_spinlock_t device_rbtree_lock;"),
        After("struct device *device_rbtree_find(struct intel_iommu *iommu,"
              " u16 rid);\n",
              "bool device_rbtree_present(struct intel_iommu *iommu, u16 rid);"
              "\n"),
    ],
    DRIVER + "dmar.c": [
        Replace("	spin_lock_init(&iommu->device_rbtree_lock);",
                "	raw_spin_lock_init(&iommu->device_rbtree_lock);"),
    ],
    DRIVER + "iommu.c": [
        edit
        for function in ("device_rbtree_find", "device_rbtree_insert",
                         "device_rbtree_remove")
        for edit in (
            Replace("	spin_lock_irqsave(&iommu->device_rbtree_lock,",
                    "	raw_spin_lock_irqsave(&iommu->device_rbtree_lock,",
                    function),
            Replace("	spin_unlock_irqrestore(&iommu->device_rbtree_lock,",
                    "	raw_spin_unlock_irqrestore("
                    "&iommu->device_rbtree_lock,",
                    function))
    ] + [
        Before("static int device_rbtree_insert(", """\
/*
 * Is the function with source ID @rid there? Unlike with device_rbtree_find()
 * it cannot go away meanwhile. Sleeps nowhere and takes raw locks only.
 */
bool device_rbtree_present(struct intel_iommu *iommu, u16 rid)
{
	struct device_domain_info *info;
	struct rb_node *node;
	bool present = false;
	unsigned long flags;

	raw_spin_lock_irqsave(&iommu->device_rbtree_lock, flags);
	node = rb_find(&rid, &iommu->device_rbtree, device_rid_cmp_key);
	if (node) {
		info = rb_entry(node, struct device_domain_info, node);
		present = dev_is_pci(info->dev) &&
			  pci_device_is_present(to_pci_dev(info->dev));
	}
	raw_spin_unlock_irqrestore(&iommu->device_rbtree_lock, flags);

	return present;
}

"""),
    ],
}

QUEUE = {
    DRIVER + "iommu.h": [
        After("#include <uapi/linux/iommufd.h>\n", "\n#include \"s1inv/qi.h\"\n"),
        ReplaceRange("	int             free_head;", "free_cnt;",
                     "	struct s1inv_qi	s1inv;		/* what runs it */",
                     None),
        After("int dmar_reenable_qi(struct intel_iommu *iommu);\n",
              "void __dmar_enable_qi(struct intel_iommu *iommu);\n"
              "void qi_dump_fault(struct intel_iommu *iommu, u32 fault);\n"),
    ],
    DRIVER + "dmar.c": [
        DeleteFunction("reclaim_free_desc"),
        DeleteFunction("qi_check_fault"),
        Replace("static void qi_dump_fault(", "void qi_dump_fault("),
        Replace("""\
	struct q_inval *qi = iommu->qi;
	s64 devtlb""", "	s64 devtlb", "qi_submit_sync"),
        ReplaceRange("	struct qi_desc wait_desc;", "int rc, i;",
                     "	int rc;", "qi_submit_sync"),
        Replace("if (!qi)", "if (!iommu->qi)", "qi_submit_sync"),
        ReplaceRange("restart:\n", "goto restart;\n", """\
	rc = s1inv_qi_submit(iommu, desc, count, options & QI_OPT_WAIT_DRAIN);
""", "qi_submit_sync"),
        Replace("	while ((readl(iommu->reg + DMAR_IQT_REG) !=", """\
	while (!s1inv_qi_stuck(iommu) &&
	       (readl(iommu->reg + DMAR_IQT_REG) !=""", "dmar_disable_qi"),
        Replace("static void __dmar_enable_qi(", "void __dmar_enable_qi("),
        ReplaceRange("	qi->free_head =", "free_cnt = QI_LENGTH;",
                     "	s1inv_qi_reset(iommu);", "__dmar_enable_qi"),
        After("	raw_spin_lock_init(&qi->q_lock);\n",
              "	s1inv_qi_init(iommu);\n", "dmar_enable_qi"),
        Before("	if (!ecap_qis(iommu->ecap))\n", "	unsigned long flags;\n\n",
               "dmar_reenable_qi"),
        Before("	/*\n	 * First disable",
               "	raw_spin_lock_irqsave(&iommu->qi->q_lock, flags);\n",
               "dmar_reenable_qi"),
        After("	__dmar_enable_qi(iommu);\n",
              "	raw_spin_unlock_irqrestore(&iommu->qi->q_lock, flags);\n",
              "dmar_reenable_qi"),
    ],
}

DRAIN_TEXT = "s1inv_qi_drain(info->iommu, PCI_DEVID(info->bus, info->devfn));\n"

DRAIN = {
    DRIVER + "iommu.c": [
        Either(Before("	pci_disable_ats(to_pci_dev(info->dev));\n",
                      "	" + DRAIN_TEXT, "iommu_disable_pci_ats"),
               Before("		pci_disable_ats(pdev);\n",
                      "		" + DRAIN_TEXT, "iommu_disable_pci_caps")),
    ],
}


def range_event(arguments):
    """A function for an event whose arguments are not the same everywhere."""
    return After("""\
		trace_cache_tag_flush_range(tag, start, end, addr, %s);
	}
	qi_batch_flush_descs(iommu, domain->qi_batch);
	spin_unlock_irqrestore(&domain->cache_lock, flags);
}
""" % arguments, """
/*
 * The event of cache_tag_flush_range(), for who invalidates @tag without it:
 * 2^@mask pages from @addr on hold the range.
 */
void cache_tag_trace_range(struct cache_tag *tag, unsigned long start,
			   unsigned long end, unsigned long addr,
			   unsigned long mask)
{
	trace_cache_tag_flush_range(tag, start, end, addr, %s);
}
""" % arguments.replace("pages", "1ULL << mask"))


NESTED = {
    DRIVER + "iommu.h": [
        Before("void cache_tag_flush_all(", """\
void cache_tag_trace_range(struct cache_tag *tag, unsigned long start,
			   unsigned long end, unsigned long addr,
			   unsigned long mask);
"""),
        After("			struct list_head s2_link;\n",
              "			/* invalidation by its owner */\n"
              "			struct s1inv_nested *s1inv;\n"),
    ],
    DRIVER + "cache.c": [
        Replace("		return ret;\n", "		goto out;\n",
                "cache_tag_assign_domain"),
        Before("	ret = __cache_tag_assign_domain(", """\
	ret = s1inv_nested_reserve(domain, dev);
	if (ret)
		return ret;

""", "cache_tag_assign_domain"),
        Replace("\n	return ret;\n}", """
out:
	if (ret)
		s1inv_nested_release(domain);
	return ret;
}""", "cache_tag_assign_domain"),
        Before("}\n", "	s1inv_nested_release(domain);\n",
               "cache_tag_unassign_domain"),
        After("#include \"trace.h\"\n", "#include \"s1inv/nested.h\"\n"),
        Either(range_event("mask"), range_event("pages, mask")),
    ],
    DRIVER + "nested.c": [
        After("#include \"pasid.h\"\n", "#include \"s1inv/nested.h\"\n"),
        DeleteFunction("intel_nested_cache_invalidate_user"),
        Replace("= intel_nested_cache_invalidate_user,",
                "= s1inv_nested_invalidate,"),
        Before("	kfree(dmar_domain->qi_batch);\n",
               "	s1inv_nested_free(dmar_domain->s1inv);\n"),
        After("	xa_init(&domain->iommu_array);\n", """
	domain->s1inv = s1inv_nested_alloc(domain);
	if (!domain->s1inv) {
		kfree(domain);
		return ERR_PTR(-ENOMEM);
	}
"""),
    ],
}

UAPI = {
    "include/uapi/linux/iommufd.h": [
        Replace("""\
 * The device TLB will be invalidated automatically if ATS is enabled.
 */
""", """\
 * The device TLB will be invalidated automatically if ATS is enabled.
 *
 * A request that hardware did not carry out is not counted in the @entry_num
 * output of the ioctl, which fails with EIO if hardware refused the request,
 * and with ETIMEDOUT if it was not done in time. Requests behind that one may
 * have been carried out as well. To issue a request again does no harm.
 */
"""),
    ],
}

# What the file nested.c lacks before the step that brings it
SILENT = Before("	after_submit(nested, start);", """\
	/* As ever: what was submitted counts, whatever became of it. */
	outcome->handled = n;
	outcome->verdict = (struct s1inv_verdict){};
""", "submit")
ONE_AUDIT = ReplaceRange("IS_ENABLED(CONFIG_INTEL_IOMMU_S1INV_STRICT)",
                         "S1INV_AUDIT_STRICT : S1INV_AUDIT_COMPATIBLE,",
                         "S1INV_AUDIT_COMPATIBLE,", "s1inv_nested_alloc")
ONE_REVISION = ReplaceRange("IS_ENABLED(CONFIG_INTEL_IOMMU_S1INV_V8)",
                            "S1INV_REVISION_V8 : S1INV_REVISION_LINUX,",
                            "S1INV_REVISION_LINUX,", "s1inv_nested_alloc")
ONE_OPTION = CutFrom("\nconfig INTEL_IOMMU_S1INV_V8")


def nested_file(*lacks):
    return {GLUE + "nested.c": ("kernel-glue/linux/nested.c", *lacks)}


# Commits of mainline that brought a defect
QUEUE_ERROR = (
    "704126ad81b8 (\"VT-d: handle Invalidation Queue Error to avoid system "
    "hang\")")
SEVERAL = (
    "8a1d82462540 (\"iommu/vt-d: Multiple descriptors per "
    "qi_submit_sync()\")")
TIMEOUT = (
    "80a9b50c0b9e (\"iommu/vt-d: Improve ITE fault handling if target device "
    "isn't present\")")
NO_RESULT = "f6f3721244a8 (\"iommu/vt-d: Add iotlb flush for nested domain\")"
RANGES = (
    "8ebc22366ed8 (\"iommu/vt-d: Use cache_tag_flush_range() in "
    "cache_invalidate_user\")")

STEPS = [
    Step("Add the s1inv core", """\
s1inv is a portable implementation of IOMMU_HWPT_INVALIDATE: the audit
of the entries, their translation into invalidation descriptors, and the
producer of the invalidation queue with its recovery from errors. It
allocates nothing and names its surroundings in one header, env.h. ref/
and the other headers are those of the project, as they are; each object
is a file of two lines that includes env.h and a file of ref/.

The types are those of <stdint.h>, since the same files are compiled
outside of kernels as well. Nothing calls the core yet.
""", core_files() | glue_files("Makefile"), {
        DRIVER + "Makefile": [
            After("# SPDX-License-Identifier: GPL-2.0\n", """\
ccflags-y += -I$(src)/s1inv/include

obj-$(CONFIG_INTEL_IOMMU) += s1inv/
"""),
        ],
        GLUE + "Makefile": [
            Delete(" qi.o"),
            Delete(" nested.o"),
        ],
    }),
    Step("Make device_rbtree_lock a raw lock", """\
device_rbtree_find() is called by qi_check_fault() with the queue's lock
held, which is a raw spinlock; a spinlock_t must not be taken there. And
nothing keeps the device that it returns from being released.

Make the lock raw, and add device_rbtree_present(), which asks under
that lock whether a function is still there. The next patch makes use of
it.
""", {}, RAW_LOCK, fixes=[TIMEOUT]),
    Step("Run the invalidation queue on the s1inv core", """\
What qi_check_fault() and qi_submit_sync() decide is decided by the core
from now on, for every user of the queue. That mends

 - an Invalidation Queue Error (IQE) at a descriptor that is not the
   first one of a submission: nobody cleared it, and everybody who
   waited did so for ever, with interrupts disabled;
 - slots that were freed while hardware still worked on them, after an
   IQE;
 - an Invalidation Time-out Error (ITE) that made whoever saw it first
   give up a submission of his own, which may have had nothing to do
   with it;
 - waits in the middle of a submission, which were not looked at after
   an ITE;
 - an Invalidation Completion Error that was left set if an ITE came
   with it;
 - log lines without rate limit for what a guest's device can cause.

A queue that hardware says is broken is restarted. A page-selective
IOTLB invalidation that hardware refuses is replaced by a wider one, so
that no unmap is lost; what is refused still gives -EIO. A device that
is gone loses its own device-TLB invalidations and nobody else's.

Callers wait until they are done, as before, with interrupts disabled
while they have descriptors in the ring, and given back between tries.

Events of qi_submit now come when the tail is written, for all that is
new in the ring, the queue's own waits among it.
""", glue_files("qi.c", "qi.h"), QUEUE | {
        GLUE + "Makefile": [Replace("vtd_fault.o", "vtd_fault.o qi.o")],
    }, fixes=[QUEUE_ERROR, SEVERAL, TIMEOUT]),
    Step("Drain a function's invalidations before its ATS is disabled", """\
A caller that may run out of time leaves work in the ring: it is not
done when the caller is gone. No function may be sent an invalidation
after its ATS was disabled, so wait until the ring holds none for it.

Nobody runs out of time yet; IOMMU_HWPT_INVALIDATE is about to.
""", {}, DRAIN),
    Step("Invalidate nested domains through the s1inv core", """\
IOMMU_HWPT_INVALIDATE took a submission, with a wait, per entry. Take up
to 32 entries together: they are copied, audited and turned into blocks,
and then submitted under the domain's cache_lock, per IOMMU and up to 64
descriptors at a time: first the IOTLBs, a fence, then the device TLBs,
and one wait. 512 entries for one device take 16 submissions.

More is covered where too little was: ranges whose size in bytes wraps,
and ranges that run past the end of the address space. Less is where it
was too much: a range becomes at most two blocks, with less than twice
its pages.

The memory for it belongs to the domain, and room for units and targets
is made when a device is attached, so that nothing is allocated in the
ioctl. User memory is touched with no spinlock held, others get a turn
between chunks, and a fatal signal ends the call there with EINTR and
the count.

Interrupts stay enabled while a call waits. Whoever cannot give up and
finds no room in the ring, such as an interrupt on the same CPU, abandons
what such a call has there, and the call issues it again.

A call waits for half a second at most for a chunk of entries. Time-outs
and refused requests are not told to user space: that is the next patch.

There is an event of cache_tag_flush_range per entry and tag, as before,
with the smallest aligned block around the range. Events of qi_submit
show what is issued for it.
""", glue_files("nested.h") | nested_file(SILENT, ONE_AUDIT, ONE_REVISION),
         NESTED | {
             GLUE + "Makefile": [Replace("vtd_encode.o",
                                         "vtd_encode.o nested.o")],
         }, fixes=[RANGES]),
    Step("Tell user space of invalidations that were not done", """\
IOMMU_HWPT_INVALIDATE reported success for invalidations that hardware
had refused, or that a device did not answer: the result of
qi_submit_sync() was dropped. The owner of the page table then goes on
with stale translations.

Report EIO if hardware refused an entry and ETIMEDOUT if it was not done
in time, with the number of entries handled before. A VMM that is told
so may issue the rest again, invalidate everything (addr 0, npages
U64_MAX), or tell its guest of a time-out; QEMU prints the error. One
that did not look at errno sees no difference.
""", nested_file(ONE_AUDIT, ONE_REVISION), UAPI, fixes=[NO_RESULT]),
    Step("Add an option for a strict audit of invalidations", """\
Requests that mean nothing (no pages, a range past the end of the
address space, an address that is not canonical) were handled somehow,
and user space may rely on it. Add an option that refuses them, off by
default.
""", nested_file(ONE_REVISION) | {
        GLUE + "Kconfig": ("kernel-glue/linux/Kconfig", ONE_OPTION),
    }, {
        DRIVER + "Kconfig": [
            Before("endif # INTEL_IOMMU\n",
                   "source \"drivers/iommu/intel/s1inv/Kconfig\"\n\n"),
        ],
    }),
    Step("[EXPERIMENTAL] Report hardware's errors per invalidation", """\
An early revision of the user ABI had a word hw_error per request, which
told of a completion error or a time-out of this request. Bring it back
as an option for experiments: off, under EXPERT, and not fit for
distributions, because it changes the meaning of a reserved word for all
of user space.

An upstream form would be a flag that user space sets in the request.
""", nested_file() | glue_files("Kconfig"), {}),
]


def kunit_files():
    names = ["kunit/" + name for name in
             ("Kconfig", "Makefile", "fake.c", "fake.h", "memory.c",
              "queue_kunit.c", "vectors_kunit.c")]
    names += ["kunit/libc/%s.h" % name for name in
              ("getopt", "jansson", "stdarg", "stdbool", "stddef", "stdint",
               "stdio", "stdlib", "string")]
    files = {GLUE + name: "kernel-glue/" + name for name in names}
    for folder, names in (
            ("model", ("cache.c", "env.c", "execute.c", "fault.c", "fetch.c",
                       "internal.h", "model.h", "unit.c", "user_memory.c",
                       "validate.c", "vec.c")),
            ("tools", ("bench_rig.c", "bench_rig.h", "compare.c", "compare.h",
                       "json_in.h", "request_fields.c", "request_file.h",
                       "tool.h")),
            ("ref", ("command.c", "names.c", "selftest.c", "vtd_decode.c"))):
        for name in names:
            path = "%s/%s" % (folder, name)
            files[GLUE + "kunit/" + path] = path
    return files


# Not in the series: most of it is test data and the project's model.
KUNIT = Step("Test the s1inv core and its glue with KUnit", "", kunit_files(), {
    DRIVER + "Makefile": [
        After("obj-$(CONFIG_INTEL_IOMMU) += s1inv/\n",
              "obj-$(CONFIG_INTEL_IOMMU_S1INV_KUNIT_TEST) += s1inv/kunit/\n"
              "subdir-ccflags-$(CONFIG_INTEL_IOMMU_S1INV_KUNIT_TEST) += "
              "-DS1INV_DOUBLES=1 # of s1inv/kunit/\n"),
    ],
    DRIVER + "Kconfig": [
        Before("endif # INTEL_IOMMU\n",
               "source \"drivers/iommu/intel/s1inv/kunit/Kconfig\"\n\n"),
    ],
}, {GLUE + "kunit/vectors_data.h": ("kernel-glue/kunit/vectors.py",
                                   "tests/vectors/*.json")})
