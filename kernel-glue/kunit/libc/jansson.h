/* SPDX-License-Identifier: GPL-2.0-only */
/* No JSON here; the vectors are C data by now */
typedef struct json json_t;
