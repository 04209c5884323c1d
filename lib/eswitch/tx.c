/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <rte_cpuflags.h>
#include <rte_errno.h>
#include <rte_vect.h>

#include "fast.h"
#include "offload.h"
#include "queue.h"
#include "slow.h"

uint16_t
esw_tx_prepare(void *txq, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	RTE_SET_USED(txq);
	for (uint16_t i = 0; i < nb_pkts; i++) {
		int rc = esw_offload_check(pkts[i]);

		if (rc != 0) {
			rte_errno = -rc;
			return i;
		}
	}
	return nb_pkts;
}

static __rte_noinline void
drop_all(struct esw_txq *q, struct rte_mbuf **pkts, uint16_t n)
{
	q->fate[ESW_TX_LINK_DOWN] += n;
	rte_pktmbuf_free_bulk(pkts, n);
}

static esw_fast_fn fast = esw_fast_base;

void
esw_tx_select(void)
{
#ifdef RTE_ARCH_X86_64
	uint16_t bits = rte_vect_get_max_simd_bitwidth();

	fast = esw_fast_base;
	if (rte_cpu_get_flag_enabled(RTE_CPUFLAG_PCLMULQDQ) <= 0)
		return;
	if (bits >= RTE_VECT_SIMD_256 && rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX2) > 0)
		fast = esw_fast_avx2;
	if (bits >= RTE_VECT_SIMD_512 && rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512F) > 0 &&
	    rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512VL) > 0 &&
	    rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX512BW) > 0)
		fast = esw_fast_avx512;
#endif
}

uint16_t
esw_tx_burst(void *txq, struct rte_mbuf **pkts, uint16_t nb_pkts)
{
	struct esw_txq *q = txq;

	bool mine = likely(q->pid == esw_self) || esw_txq_try_adopt(q);

	__atomic_store_n(&q->epoch, q->epoch + 1, __ATOMIC_RELAXED);
	rte_compiler_barrier();
	if (unlikely(!q->started))
		drop_all(q, pkts, nb_pkts);
	else if (!mine || !fast(q, pkts, nb_pkts)) /* if not mine: buffer by buffer */
		for (uint16_t i = 0; i < nb_pkts; i++)
			esw_slow_send(q, pkts[i]);
	__atomic_store_n(&q->epoch, q->epoch + 1, __ATOMIC_RELEASE);
	return nb_pkts;
}
