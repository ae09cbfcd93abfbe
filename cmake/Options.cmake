# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause

# s1inv_warnings() - the strict set, which gcc and clang both know
function(s1inv_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic
    -Wconversion -Wsign-conversion
    -Wshadow -Wundef -Wvla
    -Wcast-align -Wcast-qual
    -Wformat=2 -Wwrite-strings -Wpointer-arith
    -Wmissing-prototypes -Wstrict-prototypes
    $<$<BOOL:${S1INV_WERROR}>:-Werror>)
endfunction()

# s1inv_userspace() - for all but the core: warnings, and arithmetic of unsigned
# numbers may wrap, as hashes and random numbers do. Clang's sanitizer of
# integers has nothing else to say of them than what the standard allows.
function(s1inv_userspace target)
  s1inv_warnings(${target})
  target_compile_options(${target} PRIVATE $<$<C_COMPILER_ID:Clang>:
    -fno-sanitize=unsigned-integer-overflow,unsigned-shift-base>)
endfunction()
