/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_string_fns.h>

#include "scenario.h"
#include "scenario_dir.h"

#define SUFFIX ".ini"
#define INSTALLED "../share/eswitch-bench/scenarios" /* from the program's folder */

void
bench_scenario_dir(char *path, size_t len)
{
	char self[3072];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash != NULL) {
		*slash = '\0';
		snprintf(path, len, "%s/" INSTALLED, self);
		if (access(path, R_OK | X_OK) == 0)
			return;
	}
	rte_strscpy(path, BENCH_SCENARIOS_SOURCE, len);
}

void
bench_scenario_path(const char *name, char *path, size_t len)
{
	char dir[3584];

	rte_strscpy(path, name, len);
	if (access(path, F_OK) == 0 || strchr(name, '/') != NULL)
		return;
	bench_scenario_dir(dir, sizeof(dir));
	snprintf(path, len, "%s/%s%s", dir, name, strstr(name, SUFFIX) != NULL ? "" : SUFFIX);
	/* Messages are to name what the user wrote. */
	if (access(path, F_OK) != 0)
		rte_strscpy(path, name, len);
}

static int
is_scenario(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > strlen(SUFFIX) && strcmp(e->d_name + n - strlen(SUFFIX), SUFFIX) == 0;
}

int
bench_scenario_list(FILE *out, char *err, size_t errlen)
{
	static struct bench_scenario s;
	char dir[3584], path[4096];
	struct dirent **entry;
	int n, rc = 0;

	bench_scenario_dir(dir, sizeof(dir));
	n = scandir(dir, &entry, is_scenario, alphasort);
	if (n < 0) {
		rc = -errno;
		snprintf(err, errlen, "%s: %s", dir, strerror(-rc));
		return rc;
	}
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, entry[i]->d_name);
		if (rc == 0)
			rc = bench_scenario_load(&s, path, err, errlen);
		if (rc == 0) {
			fprintf(out, "%-24s %s\n", s.name, s.text);
			bench_scenario_free(&s);
		}
		free(entry[i]);
	}
	free(entry);
	return rc;
}
