/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#ifndef _IP_H_
#define _IP_H_

/*
 * IP frames for the tests, and the checksum as RFC 1071 writes it down: octet by octet, slow and
 * sharing nothing with DPDK or the e-switch.
 *
 * Thread-safety: pure functions.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct ip_frame {
	bool v6, udp;
	uint8_t options;  /* octets of IPv4 or TCP options: see ip_build() */
	uint32_t payload; /* octets behind TCP or UDP */
	uint64_t dst, src;
	uint32_t l2, l3, l4; /* out: header lengths */
	uint32_t len;        /* out: octets of the frame */
};

static inline uint32_t
ip_sum(uint32_t sum, const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		sum += i % 2 == 0 ? (uint32_t)p[i] << 8 : p[i];
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static inline void
ip_put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline uint32_t
ip_get16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static inline uint32_t
ip_get32(const uint8_t *p)
{
	return ip_get16(p) << 16 | ip_get16(p + 2);
}

/* What the L4 checksum field must hold, by the lengths in the headers; 0 in the field counts. */
static inline uint16_t
ip_l4_cksum(const uint8_t *frame, uint32_t l2, uint32_t l3, bool udp)
{
	const uint8_t *ip = frame + l2;
	bool v6 = ip[0] >> 4 == 6;
	uint32_t len = v6 ? ip_get16(ip + 4) + 40 - l3 : ip_get16(ip + 2) - l3;
	uint32_t sum = ip_sum((udp ? 17 : 6) + len, ip + (v6 ? 8 : 12), v6 ? 32 : 8);
	uint32_t field = udp ? 6 : 16;

	sum = ip_sum(sum, ip + l3, field);
	sum = ip_sum(sum, ip + l3 + field + 2, len - field - 2);
	sum = ~sum & 0xffff;
	return udp && sum == 0 ? 0xffff : sum;
}

static inline uint16_t
ip_hdr_cksum(const uint8_t *frame, uint32_t l2, uint32_t l3)
{
	uint32_t sum = ip_sum(0, frame + l2, 10);

	return ~ip_sum(sum, frame + l2 + 12, l3 - 12) & 0xffff;
}

/* Checksum fields are filled with rubbish. `options` are IPv4's for v4 and TCP's otherwise. */
static inline void
ip_build(struct ip_frame *f, uint8_t *p)
{
	uint8_t *ip, *l4;
	uint32_t l4_total;

	f->l2 = 14;
	f->l3 = f->v6 ? 40 : 20 + f->options;
	f->l4 = f->udp ? 8 : 20 + (f->v6 ? f->options : 0);
	f->len = f->l2 + f->l3 + f->l4 + f->payload;
	l4_total = f->l4 + f->payload;
	for (uint32_t i = 0; i < f->len; i++)
		p[i] = (uint8_t)(0xff - i * 3 - i / 256);
	memcpy(p, &f->dst, 6);
	memcpy(p + 6, &f->src, 6);
	ip_put16(p + 12, f->v6 ? 0x86dd : 0x0800);
	ip = p + 14;
	if (f->v6) {
		memcpy(ip, (const uint8_t[]){ 0x60, 0, 0, 0 }, 4);
		ip_put16(ip + 4, l4_total);
		ip[6] = f->udp ? 17 : 6;
	} else {
		ip[0] = 0x40 | (uint8_t)(f->l3 / 4);
		ip_put16(ip + 2, f->l3 + l4_total);
		ip_put16(ip + 4, 0xfffe); /* identification */
		ip_put16(ip + 6, 0);
		ip[9] = f->udp ? 17 : 6;
	}
	l4 = ip + f->l3;
	if (f->udp) {
		ip_put16(l4 + 4, l4_total);
	} else {
		memcpy(l4 + 4, (const uint8_t[]){ 0xff, 0xff, 0xff, 0x00 }, 4); /* sequence */
		l4[12] = (uint8_t)(f->l4 / 4 << 4);
		l4[13] = 0x99; /* CWR ACK PSH FIN */
	}
}

#endif /* _IP_H_ */
