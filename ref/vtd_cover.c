// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
/*
 * A request becomes aligned power-of-two blocks that hold all of its pages
 * (COV-1, COV-2).
 *
 * Two blocks (COV-4): split at the page m of (first, last] with the most
 * trailing zeros, the one at which first and last begin to differ. Nothing in
 * the range that is aligned to its size can straddle m, short of the aligned
 * block that is the whole range, so COV-3 holds; and each side, widened to a
 * power of two that ends or begins at m, less than doubles.
 */
#include <s1inv/s1inv.h>

/* Smallest order of a block with @n pages or more */
static uint8_t order_of(uint64_t n)
{
	return (uint8_t)s1inv_env_fls64(n - 1U);
}

static void set_block(struct s1inv_vtd_block *block, uint64_t first,
		      uint8_t order)
{
	block->first = first;
	block->order = order;
}

/* Returns how many blocks; of two, the second is the last of the array. */
static uint8_t cover_two(struct s1inv_vtd_block *block, uint64_t first,
			 uint64_t last)
{
	uint8_t split, below, above;
	uint64_t m;

	if (first == last) {
		set_block(&block[1], first, 0);
		return 1;
	}
	split = (uint8_t)(s1inv_env_fls64(first ^ last) - 1U);
	m = last >> split << split;
	below = order_of(m - first);
	above = order_of(last - m + 1U);
	if (below == split && above == split) {
		/* The halves of one aligned block are that block (COV-3). */
		set_block(&block[1], m - (UINT64_C(1) << split),
			  (uint8_t)(split + 1U));
		return 1;
	}
	set_block(&block[0], m - (UINT64_C(1) << below), below);
	set_block(&block[1], m, above);
	return 2;
}

void s1inv_vtd_cover_start(struct s1inv_vtd_cover *cover,
			   const struct s1inv_vtd_request *request,
			   enum s1inv_cover how)
{
	cover->how = how;
	if (request->reach == S1INV_VTD_NOTHING) {
		cover->count = 0;
	} else if (request->reach == S1INV_VTD_ALL) {
		cover->how = S1INV_COVER_TWO;
		cover->count = 1;
		set_block(&cover->block[1], 0, S1INV_VTD_AM_MAX);
	} else if (how == S1INV_COVER_TWO) {
		cover->count =
			cover_two(cover->block, request->first, request->last);
	} else {
		cover->count = 2;
		cover->begin = request->first;
		cover->last = request->last;
	}
	s1inv_vtd_cover_rewind(cover);
}

/*
 * COV-5: the largest aligned block that begins at the first page left and does
 * not pass the last. The canonical cut: COV-3 holds for it too.
 */
const struct s1inv_vtd_block *s1inv_vtd_cover_cut(struct s1inv_vtd_cover *cover)
{
	struct s1inv_vtd_block *block = &cover->block[0];
	uint64_t first = cover->left == 2U ? cover->begin : cover->first;
	unsigned int fit = s1inv_env_fls64(cover->last - first + 1U) - 1U;
	unsigned int align = fit;

	if (first) /* its lowest bit that is set */
		align = s1inv_env_fls64(first & ~(first - 1U)) - 1U;
	block->first = first;
	block->order = (uint8_t)(align < fit ? align : fit);
	cover->first = first + (UINT64_C(1) << block->order);
	cover->left = cover->first <= cover->last;
	return block;
}
