/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rte_common.h>
#include <rte_eal.h>

#include "fake.h"

int
fake_eal_init(const char *prefix)
{
	char file_prefix[64];
	char *argv[] = {
		(char[]){ "test" },
		(char[]){ "--no-huge" },
		(char[]){ "-m" },
		(char[]){ "64" },
		(char[]){ "--no-pci" },
		(char[]){ "-l" },
		(char[]){ "0" },
		(char[]){ "--log-level=lib.eal:4" },
		file_prefix,
	};

	snprintf(file_prefix, sizeof(file_prefix), "--file-prefix=%s_%d", prefix, getpid());
	if (rte_eal_init(RTE_DIM(argv), argv) < 0) {
		fprintf(stderr, "EAL does not start\n");
		return -1;
	}
	return 0;
}

void
fake_eal_fini(void)
{
	char folder[PATH_MAX], file[PATH_MAX + NAME_MAX + 2];
	const struct dirent *e;
	DIR *d;

	snprintf(folder, sizeof(folder), "%s", rte_eal_get_runtime_dir());
	rte_eal_cleanup();
	d = opendir(folder);
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(file, sizeof(file), "%s/%s", folder, e->d_name);
		unlink(file);
	}
	if (d != NULL)
		closedir(d);
	rmdir(folder);
}
