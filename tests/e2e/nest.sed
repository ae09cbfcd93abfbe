# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
#
# For drivers/iommu/intel/dmar.c: a boot parameter whose bits are added to what the
# extended capability register says. No QEMU has ECAP.NEST, without which the
# driver makes no nested page table; bit 26 of test_ecap stands in for it. Nothing
# in the way of an invalidation is touched.
/^static int map_iommu(/i\
#include <linux/moduleparam.h>\
static unsigned long long test_ecap;\
core_param(test_ecap, test_ecap, ullong, 0);\

s/^\tiommu->ecap = .*DMAR_ECAP_REG.*;$/&\
\tiommu->ecap |= test_ecap;/
