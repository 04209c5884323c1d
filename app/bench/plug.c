/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_eth_ring.h>
#include <rte_string_fns.h>

#include "memif.h"
#include "plug.h"

#define BUS "vdev"
#define PF "net_eswitch_pf0"
#define ARGS_MAX 2048
#define LINK_WAIT_MS 5000U

struct text {
	char *at;
	size_t len;
	size_t room;
};

static void
add_text(struct text *t, const char *s)
{
	t->len += (size_t)snprintf(t->at + RTE_MIN(t->len, t->room),
				   t->room - RTE_MIN(t->len, t->room), "%s", s);
}

static int
make_folder(struct bench_plug *d, char *err, size_t errlen)
{
	const char *tmp = getenv("TMPDIR");
	int rc;

	/* Names of sockets are short. */
	if (tmp == NULL || strlen(tmp) > 30)
		tmp = "/tmp";
	snprintf(d->folder, sizeof(d->folder), "%s/eswitch-bench.XXXXXX", tmp);
	if (mkdtemp(d->folder) != NULL)
		return 0;
	rc = -errno;
	snprintf(err, errlen, "%s: no folder can be made: %s", d->folder, strerror(-rc));
	d->folder[0] = '\0';
	return rc;
}

static void
remove_folder(struct bench_plug *d)
{
	DIR *dir = d->folder[0] != '\0' ? opendir(d->folder) : NULL;
	struct dirent *e;

	while (dir != NULL && (e = readdir(dir)) != NULL)
		unlinkat(dirfd(dir), e->d_name, 0);
	if (dir != NULL) {
		closedir(dir);
		rmdir(d->folder);
	}
	d->folder[0] = '\0';
}

/* Copy @p value with {dir} replaced by the private folder. */
static int
expand(const struct bench_plug *d, const char *value, char *out, size_t len)
{
	struct text t = { out, 0, len };
	const char *p;

	while ((p = strstr(value, "{dir}")) != NULL) {
		char head[CFG_VALUE_LEN];

		snprintf(head, sizeof(head), "%.*s", (int)(p - value), value);
		add_text(&t, head);
		add_text(&t, d->folder);
		value = p + strlen("{dir}");
	}
	add_text(&t, value);
	return t.len < len ? 0 : -ENAMETOOLONG;
}

static int
plug(struct bench_plug *d, const struct bench_scenario *s, const char *key, const char *name,
     const char *args, char *err, size_t errlen)
{
	int rc = -ENAMETOOLONG;

	if (strlen(name) < sizeof(d->name[0]))
		rc = rte_eal_hotplug_add(BUS, name, args);
	if (rc != 0) {
		snprintf(err, errlen, "%s: [device] %s: %s with \"%s\": %s", s->file, key, name,
			 args, strerror(-rc));
		return rc;
	}
	bench_memif_saw(name);
	rte_strscpy(d->name[d->n++], name, sizeof(d->name[0]));
	return 0;
}

/* net_vhost opens its socket when it is configured, and virtio-user wants to find it there. */
static int
open_socket(const char *name)
{
	const struct rte_eth_conf conf = { 0 };
	uint16_t id;
	int rc = rte_eth_dev_get_port_by_name(name, &id);

	return rc == 0 ? rte_eth_dev_configure(id, 1, 1, &conf) : rc;
}

static int
plug_vdev(struct bench_plug *d, const struct bench_scenario *s, const struct bench_scenario_line *l,
	  char *err, size_t errlen)
{
	char text[ARGS_MAX], *args;
	int rc = expand(d, l->value, text, sizeof(text));

	if (rc != 0) {
		snprintf(err, errlen, "%s: [device] %s: too long", s->file, l->key);
		return rc;
	}
	args = strchr(text, ',');
	if (args != NULL)
		*args++ = '\0';
	rc = plug(d, s, l->key, text, args != NULL ? args : "", err, errlen);
	if (rc == 0 && strncmp(text, "net_vhost", strlen("net_vhost")) == 0) {
		rc = open_socket(text);
		if (rc != 0)
			snprintf(err, errlen, "%s: [device] %s: its socket cannot be opened: %s",
				 s->file, l->key, strerror(-rc));
	}
	return rc;
}

static int
plug_wire(struct bench_plug *d, const struct bench_scenario *s, const struct bench_scenario_line *l,
	  char *err, size_t errlen)
{
	const unsigned int size = (unsigned int)strtoul(l->value, NULL, 10);
	struct rte_ring **r = &d->ring[d->n_rings];
	char name[64];

	for (unsigned int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "bench_%s%c", l->key, 'a' + (int)i);
		r[i] = rte_ring_create(name, rte_align32pow2(size), SOCKET_ID_ANY,
				       RING_F_SP_ENQ | RING_F_SC_DEQ);
		if (r[i] == NULL)
			goto fail;
		d->n_rings++;
	}
	for (unsigned int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%s%c", l->key, 'a' + (int)i);
		if (rte_eth_from_rings(name, &r[i], 1, &r[1 - i], 1, rte_socket_id()) < 0)
			goto fail;
		snprintf(d->name[d->n++], sizeof(d->name[0]), "net_ring_%.40s", name);
	}
	return 0;
fail:
	snprintf(err, errlen, "%s: [device] %s: no wire of %u descriptors: %s", s->file, l->key,
		 size, strerror(rte_errno));
	return -ENOMEM;
}

static int
write_policy(const struct bench_plug *d, const struct bench_scenario *s, char *path, size_t len,
	     char *err, size_t errlen)
{
	FILE *f;
	int rc = 0;

	snprintf(path, len, "%s/policy.ini", d->folder);
	f = fopen(path, "w");
	if (f == NULL || fputs(s->policy, f) == EOF)
		rc = -EIO;
	if (f != NULL && fclose(f) != 0)
		rc = -EIO;
	if (rc != 0)
		snprintf(err, errlen, "%s: the policy cannot be written", path);
	return rc;
}

/* VFs of @p set as "0,2,3", with @p begin and @p end; nothing at all for none. */
static void
add_list(struct text *t, const char *begin, const bool *set, unsigned int n, const char *end)
{
	const char *separator = begin;
	char number[64];

	for (unsigned int i = 0; i < n; i++) {
		if (!set[i])
			continue;
		snprintf(number, sizeof(number), "%s%u", separator, i);
		add_text(t, number);
		separator = ",";
	}
	if (separator != begin)
		add_text(t, end);
}

static int
plug_pf(struct bench_plug *d, const struct bench_scenario *s, char *err, size_t errlen)
{
	const struct bench_scenario_nic *nic = &s->nic;
	char args[ARGS_MAX], path[128], number[64];
	struct text t = { args, 0, sizeof(args) };
	int rc;

	snprintf(number, sizeof(number), "vfs=%u,mode=%s", nic->vfs, nic->mode);
	add_text(&t, number);
	add_list(&t, ",representor=vf[", nic->rep, nic->vfs, "]");
	if (nic->uplink[0] != '\0') {
		add_text(&t, ",uplink=");
		add_text(&t, nic->uplink);
	}
	if (nic->extra[0] != '\0') {
		add_text(&t, ",");
		add_text(&t, nic->extra);
	}
	if (s->policy != NULL) {
		rc = write_policy(d, s, path, sizeof(path), err, errlen);
		if (rc != 0)
			return rc;
		add_text(&t, ",policy=");
		add_text(&t, path);
	}
	if (t.len >= t.room) {
		snprintf(err, errlen, "%s: [device]: more than %d characters of arguments", s->file,
			 ARGS_MAX);
		return -ENAMETOOLONG;
	}
	return plug(d, s, "kind", PF, args, err, errlen);
}

static int
plug_nic(struct bench_plug *d, const struct bench_scenario *s, char *err, size_t errlen)
{
	char name[64], args[64];
	int rc = plug_pf(d, s, err, errlen);

	for (unsigned int i = 0; rc == 0 && i < s->nic.vfs; i++) {
		if (!s->nic.port[i])
			continue;
		snprintf(name, sizeof(name), "net_eswitch_vf%u", i);
		snprintf(args, sizeof(args), "pf=" PF ",vf=%u", i);
		rc = plug(d, s, "ports", name, args, err, errlen);
	}
	return rc;
}

int
bench_plug_open(struct bench_plug *d, const struct bench_scenario *s, char *err, size_t errlen)
{
	unsigned int there = rte_eth_dev_count_total(), want = bench_scenario_ports(s);
	int rc;

	memset(d, 0, sizeof(*d));
	if (there + want > RTE_MAX_ETHPORTS) {
		snprintf(err, errlen,
			 "%s: [device]: %u ports are wanted, and a DPDK process has at most %u, of "
			 "which %u are taken: ask for fewer by ports and representors",
			 s->file, want, RTE_MAX_ETHPORTS, there);
		return -ENOSPC;
	}
	rc = make_folder(d, err, errlen);
	for (unsigned int i = 0; rc == 0 && i < s->n_vdevs; i++)
		rc = strncmp(s->vdev[i].key, "wire", 4) == 0 ?
			     plug_wire(d, s, &s->vdev[i], err, errlen) :
			     plug_vdev(d, s, &s->vdev[i], err, errlen);
	if (rc == 0 && s->nic.used)
		rc = plug_nic(d, s, err, errlen);
	if (rc != 0)
		bench_plug_close(d);
	return rc;
}

void
bench_plug_close(struct bench_plug *d)
{
	while (d->n > 0)
		rte_eal_hotplug_remove(BUS, d->name[--d->n]);
	while (d->n_rings > 0)
		rte_ring_free(d->ring[--d->n_rings]);
	remove_folder(d);
}

int
bench_plug_wait(const struct bench_ports *ports, char *err, size_t errlen)
{
	unsigned int waited;
	int down = bench_ports_links_wait(ports, LINK_WAIT_MS, &waited);

	if (down < 0)
		return 0;
	snprintf(err, errlen, "port %s: its link stays down", ports->port[down].name);
	return -ETIMEDOUT;
}
