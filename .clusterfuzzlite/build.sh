#!/bin/bash -eu
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
exec "$SRC/s1inv/fuzz/build.sh"
