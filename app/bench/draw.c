/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "draw.h"
#include "draw_document.h"
#include "draw_load.h"
#include "options.h"

enum { HTML, MARKDOWN, CSV, N_DOCUMENTS };

static const struct {
	const char *name;
	const char *help;
	void (*write)(FILE *f, const struct draw_set *set);
} document[N_DOCUMENTS] = {
	[HTML] = { "html", "a page with pictures and tables", draw_document_html },
	[MARKDOWN] = { "markdown", "the tables", draw_document_markdown },
	[CSV] = { "csv", "one line a value, without the raw samples", draw_document_csv },
};

static void
help(void)
{
	printf("Usage: eswitch-bench report FILE... [OPTIONS]\n\n"
	       "Draws one to %u reports (--json of eswitch-bench), side by side.\n\n",
	       DRAW_REPORTS_MAX);
	for (size_t i = 0; i < N_DOCUMENTS; i++)
		printf("  --%-8s FILE  %s\n", document[i].name, document[i].help);
	printf("\n- is standard output. Without any of them: --html report.html.\n"
	       "Exit status: 0 ok, 1 usage, a file that is no report or cannot be written.\n");
}

/* 0; 1: help was asked for; -EINVAL */
static int
parse(int argc, char **argv, const char *out[N_DOCUMENTS])
{
	struct option table[N_DOCUMENTS + 2] = { [N_DOCUMENTS] = { "help", no_argument, NULL,
								   'h' } };
	unsigned int to_stdout = 0;
	int c;

	for (int i = 0; i < N_DOCUMENTS; i++)
		table[i] = (struct option){ document[i].name, required_argument, NULL, 256 + i };
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":h", table, NULL)) != -1) {
		if (c == 'h') {
			help();
			return 1;
		}
		if (c < 256) {
			fprintf(stderr, "eswitch-bench: report: %s: %s; --help lists the options\n",
				argv[optind - 1], c == ':' ? "value missing" : "unknown option");
			return -EINVAL;
		}
		out[c - 256] = optarg;
	}
	for (int i = 0; i < N_DOCUMENTS; i++)
		to_stdout += out[i] != NULL && strcmp(out[i], "-") == 0;
	if (to_stdout > 1) {
		fprintf(stderr, "eswitch-bench: report: only one document can go to standard "
				"output\n");
		return -EINVAL;
	}
	if (out[HTML] == NULL && out[MARKDOWN] == NULL && out[CSV] == NULL)
		out[HTML] = "report.html";
	return 0;
}

static int
write_stream(unsigned int which, const struct draw_set *set, FILE *f)
{
	document[which].write(f, set);
	return fflush(f) != 0 || ferror(f) != 0 ? -EIO : 0;
}

/* A file is replaced only when the whole document could be written. */
static int
write_document(unsigned int which, const struct draw_set *set, const char *path)
{
	char part[4096];
	FILE *f;
	int rc;

	if (strcmp(path, "-") == 0)
		return write_stream(which, set, stdout);
	if ((size_t)snprintf(part, sizeof(part), "%s.part", path) >= sizeof(part))
		return -ENAMETOOLONG;
	f = fopen(part, "w");
	if (f == NULL)
		return -errno;
	rc = write_stream(which, set, f);
	if (fclose(f) != 0 && rc == 0)
		rc = -EIO;
	if (rc == 0 && rename(part, path) != 0)
		rc = -errno;
	if (rc != 0)
		unlink(part);
	return rc;
}

int
bench_draw(int argc, char **argv)
{
	const char *out[N_DOCUMENTS] = { NULL };
	static struct draw_set set;
	char err[512] = "";
	int rc = parse(argc, argv, out);

	if (rc != 0)
		return rc > 0 ? BENCH_EXIT_OK : BENCH_EXIT_USAGE;
	rc = draw_load(&set, argv + optind, (unsigned int)(argc - optind), err, sizeof(err));
	if (rc != 0) {
		fprintf(stderr, "eswitch-bench: report: %s\n", err);
		return BENCH_EXIT_USAGE;
	}
	for (unsigned int i = 0; rc == 0 && i < N_DOCUMENTS; i++) {
		if (out[i] == NULL)
			continue;
		rc = write_document(i, &set, out[i]);
		if (rc != 0)
			fprintf(stderr, "eswitch-bench: report: --%s %s: %s\n", document[i].name,
				out[i], strerror(-rc));
	}
	draw_unload(&set);
	return rc == 0 ? BENCH_EXIT_OK : BENCH_EXIT_USAGE;
}
