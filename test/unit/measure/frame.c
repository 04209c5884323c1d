/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

/* Test frames: what is built verifies, and every damage is noticed. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "frame.h"

#define LEN 200

static const struct msr_label label = {
	.stream = 0x01020304,
	.seq = UINT64_C(0x1122334455667788),
	.tsc = UINT64_C(0xa1a2a3a4a5a6a7a8),
	.epoch = 0xbeef,
	.len = LEN,
};

static enum msr_frame_fault
verify(const uint8_t *frame, uint32_t len, struct msr_label *got)
{
	return msr_frame_verify(frame + MSR_FRAME_ETH_LEN, len - MSR_FRAME_ETH_LEN, len, got);
}

static void
build(uint8_t *frame, uint64_t seed)
{
	memset(frame, 0x5a, LEN);
	msr_frame_build(frame + MSR_FRAME_ETH_LEN, LEN - MSR_FRAME_ETH_LEN, &label, seed);
}

static void
test_round_trip(void **state)
{
	uint8_t frame[LEN];
	struct msr_label got;

	(void)state;
	build(frame, 1);
	assert_int_equal(verify(frame, LEN, &got), MSR_FRAME_OK);
	assert_int_equal(got.stream, label.stream);
	assert_int_equal(got.seq, label.seq);
	assert_int_equal(got.tsc, label.tsc);
	assert_int_equal(got.epoch, label.epoch);
	assert_int_equal(got.len, LEN);
	assert_int_not_equal(got.fill_sum, 0);
	msr_frame_stamp(frame + MSR_FRAME_ETH_LEN, &label);
	assert_int_equal(verify(frame, LEN, &got), MSR_FRAME_OK);
	assert_int_equal(got.fill_sum, 0);
}

/* The layout is a contract between testers of different builds. */
static void
test_layout(void **state)
{
	static const uint8_t dst[6] = { 2, 0, 0, 0, 0, 1 }, src[6] = { 2, 0, 0, 0, 0, 2 };
	static const uint8_t want[] = {
		2,    0,    0,    0,    0,    1,    2,    0,    0,    0,    0,    2,
		0x88, 0xb5, 0x6d, 0x77, 0x73, 0x68, 0x04, 0x03, 0x02, 0x01, 0x88, 0x77,
		0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 0xa8, 0xa7, 0xa6, 0xa5, 0xa4, 0xa3,
		0xa2, 0xa1, 0xef, 0xbe, LEN,  0,    0,    0,    0,    0,
	};
	uint8_t frame[LEN];

	(void)state;
	msr_frame_eth(frame, dst, src, MSR_FRAME_ETHERTYPE);
	msr_frame_stamp(frame + MSR_FRAME_ETH_LEN, &label);
	assert_memory_equal(frame, want, sizeof(want));
	/* The whole fits a 60-byte frame with two VLAN tags. */
	assert_true(MSR_FRAME_ETH_LEN + 2 * 4 + MSR_LABEL_LEN <= 60);
}

/* Flip each bit of a summed frame behind the Ethernet header. */
static void
test_every_bit(void **state)
{
	uint8_t frame[LEN];
	struct msr_label got;

	(void)state;
	build(frame, 1);
	for (uint32_t bit = MSR_FRAME_ETH_LEN * 8; bit < LEN * 8; bit++) {
		enum msr_frame_fault f, want = MSR_FRAME_BAD_FILL;

		frame[bit / 8] ^= (uint8_t)(1 << bit % 8);
		f = verify(frame, LEN, &got);
		frame[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (bit / 8 < MSR_FRAME_ETH_LEN + 4)
			want = MSR_FRAME_FOREIGN;
		else if (bit / 8 < MSR_FRAME_ETH_LEN + MSR_LABEL_LEN)
			want = MSR_FRAME_BAD_LABEL;
		assert_int_equal(f, want);
	}
	assert_int_equal(verify(frame, LEN, &got), MSR_FRAME_OK);
}

static void
test_length(void **state)
{
	uint8_t frame[LEN + 4] = { 0 };
	struct msr_label got;

	(void)state;
	build(frame, 1);
	assert_int_equal(verify(frame, LEN - 1, &got), MSR_FRAME_BAD_LEN);
	assert_int_equal(verify(frame, LEN + 4, &got), MSR_FRAME_BAD_LEN);
	assert_int_equal(verify(frame, MSR_FRAME_ETH_LEN + MSR_LABEL_LEN - 1, &got),
			 MSR_FRAME_FOREIGN);
}

/* Filler that was left over from another frame must not pass. */
static void
test_stale_filler(void **state)
{
	const uint32_t room = LEN - MSR_FRAME_ETH_LEN;
	uint8_t frame[LEN], old[LEN];
	struct msr_label next = label, got;

	(void)state;
	build(old, 1);
	next.seq++;
	msr_frame_build(frame + MSR_FRAME_ETH_LEN, room, &next, 1);
	memcpy(frame + MSR_FRAME_ETH_LEN + MSR_LABEL_LEN, old + MSR_FRAME_ETH_LEN + MSR_LABEL_LEN,
	       room - MSR_LABEL_LEN);
	assert_int_equal(verify(frame, LEN, &got), MSR_FRAME_BAD_FILL);
	build(frame, 2);
	assert_memory_not_equal(frame, old, LEN);
}

static void
test_smallest(void **state)
{
	struct msr_label small = { .len = 60 }, got;
	uint8_t frame[60];

	(void)state;
	msr_frame_build(frame + 22, sizeof(frame) - 22, &small, 3);
	assert_int_equal(msr_frame_verify(frame + 22, 38, 60, &got), MSR_FRAME_OK);
	frame[59] ^= 1;
	assert_int_equal(msr_frame_verify(frame + 22, 38, 60, &got), MSR_FRAME_BAD_FILL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),   cmocka_unit_test(test_layout),
		cmocka_unit_test(test_every_bit),    cmocka_unit_test(test_length),
		cmocka_unit_test(test_stale_filler), cmocka_unit_test(test_smallest),
	};

	return cmocka_run_group_tests_name("measure-frame", tests, NULL, NULL);
}
