// SPDX-License-Identifier: GPL-2.0
/* Which addresses a ruleset of nftables translates to. Pure.
 *
 * Only source NAT counts. The target of destination NAT is a server's address,
 * not ours; the one before it is announced when the host answers for it, which
 * its tables tell and not the ruleset.
 */
#include "ruleset.h"

#include <jansson.h>
#include <string.h>

/* A concatenation in an element in a set in a map is less. */
#define DEPTH_MAX	16

/* @maps: the named ones, by family, table and name; each is read but once. */
struct reader {
	struct fo_ranges *to;
	json_t *maps;
	bool xt;
};

static bool parse(const char *text, int *family, unsigned char *addr)
{
	*family = text && strchr(text, ':') ? AF_INET6 : AF_INET;
	return text && addr_parse(*family, text, addr);
}

static void take_range(struct reader *r, const char *from, const char *upto)
{
	unsigned char first[ADDR_BYTES_MAX], last[ADDR_BYTES_MAX];
	int family, other;

	if (parse(from, &family, first) && parse(upto, &other, last) &&
	    family == other)
		pool_add(r->to, family, first, last, "");
}

static void take_prefix(struct reader *r, const json_t *prefix)
{
	json_int_t len = json_integer_value(json_object_get(prefix, "len"));
	unsigned char addr[ADDR_BYTES_MAX];
	int family;

	if (len > 0 && len <= 128 &&
	    parse(json_string_value(json_object_get(prefix, "addr")), &family,
		  addr))
		pool_add_prefix(r->to, family, addr, len, "");
}

static void take(struct reader *r, const json_t *v, unsigned int depth);

/* The values of a map: pairs of key and value. */
static void take_map(struct reader *r, const json_t *elems, unsigned int depth)
{
	const json_t *pair;
	size_t i;

	json_array_foreach(elems, i, pair)
		take(r, json_array_get(pair, 1), depth);
}

static void take_data(struct reader *r, const json_t *data, const char *where,
		      unsigned int depth)
{
	const char *name = json_string_value(data);
	char key[256];

	if (!name) {
		take_map(r, json_object_get(data, "set"), depth);
		return;
	}
	if (name[0] != '@')
		return;
	snprintf(key, sizeof(key), "%s/%s", where, name + 1);
	take_map(r, json_object_get(r->maps, key), depth);
	json_object_del(r->maps, key);
}

/*
 * A value: "1.2.3.4", {"range": [..]}, {"prefix": ..}, {"concat": [..]},
 * {"elem": {"val": ..}}, and a set of them. What is none adds nothing.
 */
static void take(struct reader *r, const json_t *v, unsigned int depth)
{
	const json_t *range, *one;
	size_t i;

	if (depth++ == DEPTH_MAX)
		return;
	take_range(r, json_string_value(v), json_string_value(v));
	range = json_object_get(v, "range");
	take_range(r, json_string_value(json_array_get(range, 0)),
		   json_string_value(json_array_get(range, 1)));
	take_prefix(r, json_object_get(v, "prefix"));
	json_array_foreach(json_object_get(v, "set"), i, one)
		take(r, one, depth);
	/* only the first of a concatenation is the address */
	one = json_array_get(json_object_get(v, "concat"), 0);
	if (one)
		take(r, one, depth);
	one = json_object_get(json_object_get(v, "elem"), "val");
	if (one)
		take(r, one, depth);
}

static void take_statement(struct reader *r, const json_t *s,
			   const char *where)
{
	const json_t *addr = json_object_get(json_object_get(s, "snat"),
					     "addr");
	const json_t *map = json_object_get(addr, "map");
	const json_t *xt = json_object_get(s, "xt");
	const char *type = json_string_value(json_object_get(xt, "type"));

	if (map)
		take_data(r, json_object_get(map, "data"), where, 0);
	else if (addr)
		take(r, addr, 0);
	/* an older nft has null for all of it */
	if (xt && (!type || !strcmp(type, "target")))
		r->xt = true;
}

/* "family/table" of an object; false when it has none. */
static bool place(const json_t *o, char *where, size_t size)
{
	const char *family = json_string_value(json_object_get(o, "family"));
	const char *table = json_string_value(json_object_get(o, "table"));

	return family && table &&
	       (size_t)snprintf(where, size, "%s/%s", family, table) < size;
}

static void note_map(struct reader *r, json_t *map)
{
	const char *name = json_string_value(json_object_get(map, "name"));
	char where[128], key[256];

	if (!name || !place(map, where, sizeof(where)))
		return;
	snprintf(key, sizeof(key), "%s/%s", where, name);
	json_object_set(r->maps, key, json_object_get(map, "elem"));
}

static void take_rule(struct reader *r, const json_t *rule)
{
	const json_t *s;
	char where[128];
	size_t i;

	if (!place(rule, where, sizeof(where)))
		return;
	json_array_foreach(json_object_get(rule, "expr"), i, s)
		take_statement(r, s, where);
}

bool ruleset_json(struct fo_ranges *to, const char *json, bool *xt)
{
	json_t *root = json_loads(json, JSON_ALLOW_NUL, NULL);
	const json_t *all = json_object_get(root, "nftables"), *o;
	struct reader r = { .to = to, .maps = json_object() };
	bool ok = json_is_array(all) && r.maps;
	size_t i;

	json_array_foreach(all, i, o)
		note_map(&r, json_object_get(o, "map"));
	json_array_foreach(all, i, o)
		take_rule(&r, json_object_get(o, "rule"));
	json_decref(r.maps);
	json_decref(root);
	*xt = r.xt;
	return ok;
}

/* ADDR, ADDR-ADDR or ADDR:PORT; of IPv6 with a port in brackets. */
static void take_word(struct reader *r, const char *word, size_t len)
{
	char text[2 * ADDR_TEXT_MAX], *dash, *colon;
	bool bracket = *word == '[';

	if (len - bracket >= sizeof(text))
		return;
	memcpy(text, word + bracket, len - bracket);
	text[len - bracket] = '\0';
	if (bracket)
		text[strcspn(text, "]")] = '\0';
	colon = strchr(text, ':');
	if (!bracket && colon && colon == strrchr(text, ':'))
		*colon = '\0';
	dash = strchr(text, '-');
	if (dash)
		*dash++ = '\0';
	take_range(r, text, dash ? dash : text);
}

/* One line of a rule; quoted comments come after what is looked for. */
static void take_line(struct reader *r, const char *line, size_t len)
{
	static const char snat[] = " snat to ";
	const char *at = memmem(line, len, snat, sizeof(snat) - 1);
	const char *quote = memchr(line, '"', len);

	if (!at || (quote && quote < at))
		return;
	at += sizeof(snat) - 1;
	len -= at - line;
	take_word(r, at, strcspn(at, " \n") < len ? strcspn(at, " \n") : len);
}

void ruleset_text(struct fo_ranges *to, const char *text)
{
	struct reader r = { .to = to };
	size_t len;

	for (; *text; text += len + !!text[len]) {
		len = strcspn(text, "\n");
		take_line(&r, text, len);
	}
}
