# SPDX-License-Identifier: GPL-2.0-only
"""What is done to a kernel tree, step by step: one patch of the series each.

Of the kernel's own text there is no more here than the anchors need.
"""
from edit import (After, Before, DeleteFunction, Either, Replace,
                  ReplaceRange)

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

    @files: new or replaced files, path in the kernel tree to path here
    @edits: path in the kernel tree to edits, done behind @files
    @made: path in the kernel tree to a command that prints its text
    """

    def __init__(self, title, body, files=None, edits=None, made=None):
        self.title = title
        self.body = body
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
                      "		" + DRAIN_TEXT,
                      "iommu_disable_pci_caps")),
    ],
}

NESTED = {
    DRIVER + "iommu.h": [
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

STEPS = [
    Step("Add the s1inv core", "", core_files() | glue_files("Makefile"), {
        DRIVER + "Makefile": [
            After("# SPDX-License-Identifier: GPL-2.0\n", """\
ccflags-y += -I$(src)/s1inv/include

obj-$(CONFIG_INTEL_IOMMU) += s1inv/
"""),
        ],
    }),
    Step("Take the lock of the device tree below raw locks", "", {}, RAW_LOCK),
    Step("Run the invalidation queue on the s1inv core", "",
         glue_files("qi.c", "qi.h"), QUEUE),
    Step("Let no invalidation reach a function whose ATS is off", "",
         {}, DRAIN),
    Step("Invalidate nested domains through the s1inv core", "",
         glue_files("nested.c", "nested.h", "Kconfig"), NESTED | {
             DRIVER + "Kconfig": [
                 Before("endif # INTEL_IOMMU\n",
                        "source \"drivers/iommu/intel/s1inv/Kconfig\"\n\n"),
             ],
         }),
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
              "obj-$(CONFIG_INTEL_IOMMU_S1INV_KUNIT_TEST) += s1inv/kunit/\n"),
    ],
    DRIVER + "Kconfig": [
        Before("endif # INTEL_IOMMU\n",
               "source \"drivers/iommu/intel/s1inv/kunit/Kconfig\"\n\n"),
    ],
}, {GLUE + "kunit/vectors_data.h": ("kernel-glue/kunit/vectors.py",
                                   "tests/vectors/*.json")})
