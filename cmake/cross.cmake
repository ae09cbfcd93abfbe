# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
# What i386.cmake and s390x.cmake have in common. Check and jansson for the
# target come from build/sysroot/ARCH, which scripts/sysroot fills.
set(CMAKE_SYSTEM_NAME Linux)
set(sysroot ${CMAKE_CURRENT_LIST_DIR}/../build/sysroot/${CMAKE_SYSTEM_PROCESSOR})
file(GLOB pkgconfig_dirs ${sysroot}/usr/lib/*/pkgconfig)
set(ENV{PKG_CONFIG_LIBDIR} "${pkgconfig_dirs}")
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${sysroot})
