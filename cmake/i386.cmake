# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
set(CMAKE_SYSTEM_PROCESSOR i386)
set(CMAKE_C_COMPILER gcc)
# Debian's gcc-12-multilib alone does not point gcc -m32 at <asm/*.h>.
set(CMAKE_C_FLAGS_INIT "-m32 -isystem /usr/include/x86_64-linux-gnu")
include(${CMAKE_CURRENT_LIST_DIR}/cross.cmake)
