/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 eswitch contributors
 */
/*
 * The JSON form of a policy file.
 *
 * jansson keeps no line numbers for what it has read. When a value is refused, find_line() walks
 * the text once more, along the keys that lead to the value; the text is known to be JSON then, so
 * the walk is short, and it stops at the end of the text whatever it meets.
 */
#include <errno.h>
#include <string.h>

#include "internal.h"

#define PATH_MAX_KEYS 3 /* "vfs", "4-7", "mtu" */

struct path {
	const char *keys[PATH_MAX_KEYS];
	unsigned int len;
};

struct cursor {
	const char *s;
	const char *end;
};

static void
skip_blanks(struct cursor *c)
{
	while (c->s < c->end && (*c->s == ' ' || *c->s == '\t' || *c->s == '\r' || *c->s == '\n'))
		c->s++;
}

/* Over a string; the cursor stands on its first quote. @return what is between the quotes, raw */
static struct esw_word
skip_string(struct cursor *c)
{
	struct esw_word w = { .s = c->s + 1 };

	for (c->s++; c->s < c->end && *c->s != '"'; c->s++) {
		if (*c->s == '\\' && c->s + 1 < c->end)
			c->s++;
	}
	w.len = (size_t)(c->s - w.s);
	if (c->s < c->end)
		c->s++;
	return w;
}

/* Over a value, to the comma or bracket that ends it. */
static void
skip_value(struct cursor *c)
{
	unsigned int depth = 0;

	while (c->s < c->end) {
		if (*c->s == '"') {
			skip_string(c);
			continue;
		}
		if (*c->s == '{' || *c->s == '[')
			depth++;
		if (depth == 0 && (*c->s == ',' || *c->s == '}' || *c->s == ']'))
			return;
		if (*c->s == '}' || *c->s == ']')
			depth--;
		c->s++;
	}
}

/*
 * From an object to the value of one of its keys. A key with escapes is not found: no known key
 * needs any, and the line of the object around it is then good enough.
 * @return where the key stands, or NULL
 */
static const char *
enter_key(struct cursor *c, const char *key)
{
	const char *at;
	struct esw_word w;

	for (c->s++; c->s < c->end; c->s++) { /* over '{', then over ',' */
		skip_blanks(c);
		if (c->s >= c->end || *c->s != '"')
			return NULL;
		at = c->s;
		w = skip_string(c);
		skip_blanks(c);
		if (c->s < c->end)
			c->s++; /* ':' */
		skip_blanks(c);
		if (w.len == strlen(key) && memcmp(w.s, key, w.len) == 0)
			return at;
		skip_value(c);
		if (c->s >= c->end || *c->s != ',')
			return NULL;
	}
	return NULL;
}

static unsigned int
find_line(const char *text, size_t len, const struct path *path)
{
	struct cursor c = { .s = text, .end = text + len };
	const char *at = NULL, *s;
	unsigned int i, line = 1;

	skip_blanks(&c);
	at = c.s;
	for (i = 0; i < path->len && c.s < c.end && *c.s == '{'; i++) {
		const char *key = enter_key(&c, path->keys[i]);

		if (key == NULL)
			break;
		at = key;
	}
	for (s = text; s < at; s++)
		line += *s == '\n';
	return line;
}

/* On error the path says where: each level leaves the key it was at. */
static int
read_section(struct esw_file *f, json_t *obj, struct path *path, struct esw_err *err)
{
	const unsigned int depth = path->len;
	json_t *value;
	const char *key;
	int ret;

	if (!json_is_object(obj))
		return esw_err_set(err, -EINVAL, "%s: a section is an object of fields",
				   path->keys[depth - 1]);
	path->len = depth + 1;
	json_object_foreach(obj, key, value) {
		path->keys[depth] = key;
		ret = esw_file_may_say(f, key, err);
		if (ret == 0)
			ret = esw_policy_json_member(&f->section, key, value, err);
		if (ret == 0)
			ret = esw_file_mac_once(f, err);
		if (ret != 0)
			return ret;
	}
	path->len = depth;
	esw_file_section_close(f);
	return 0;
}

static int
read_vfs(struct esw_file *f, json_t *obj, struct path *path, struct esw_err *err)
{
	json_t *value;
	const char *key;
	int ret;

	if (!json_is_object(obj))
		return esw_err_set(err, -EINVAL,
				   "vfs: an object is needed, keys like \"0\", "
				   "\"4-7\" or \"1,3\"");
	path->len = 2;
	json_object_foreach(obj, key, value) {
		path->keys[1] = key;
		ret = esw_file_section_vfs(f, esw_word_trim(key, strlen(key)), err);
		if (ret == 0)
			ret = read_section(f, value, path, err);
		if (ret != 0)
			return ret;
	}
	path->len = 1;
	return 0;
}

static int
read_root(struct esw_file *f, json_t *root, struct path *path, struct esw_err *err)
{
	json_t *value;
	const char *key;
	int ret;

	path->len = 1;
	json_object_foreach(root, key, value) {
		struct esw_word w = { .s = key, .len = strlen(key) };

		path->keys[0] = key;
		if (strcmp(key, "default") == 0) {
			ret = esw_file_section_default(f, err);
			if (ret == 0)
				ret = read_section(f, value, path, err);
		} else if (strcmp(key, "vfs") == 0) {
			ret = read_vfs(f, value, path, err);
		} else {
			ret = esw_err_set(err, -EINVAL,
					  "%.*s: unknown section; known are default and vfs",
					  ESW_WORD_ARG(w));
		}
		if (ret != 0)
			return ret;
	}
	return 0;
}

int
esw_file_parse_json(struct esw_file *f, const char *text, size_t len, struct esw_err *err)
{
	struct path path = { .len = 0 };
	json_error_t why;
	json_t *root;
	int ret;

	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);
	if (root == NULL) {
		esw_err_set(err, -EINVAL, "not JSON: %s", why.text);
		esw_file_err_at(f, why.line > 0 ? (unsigned int)why.line : 0, err);
		return -EINVAL;
	}
	ret = read_root(f, root, &path, err);
	if (ret != 0)
		esw_file_err_at(f, find_line(text, len, &path), err);
	json_decref(root); /* the keys of the path live in it */
	return ret;
}
