// SPDX-License-Identifier: GPL-2.0
/* Rules that say which connections are replicated: from words, and to words. Pure. */
#include "filter.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *name;
	uint8_t number;
} protocols[] = {
	{ "tcp", 6 }, { "udp", 17 }, { "icmp", 1 }, { "icmpv6", 58 },
	{ "sctp", 132 }, { "gre", 47 }, { "esp", 50 }, { "ah", 51 },
	{ "dccp", 33 }, { "udplite", 136 },
};

/* The keys in the order in which they are written. */
static const struct {
	enum filter_key key;
	const char *word;
} keys[] = {
	{ FILTER_PROTOCOL, "protocol" }, { FILTER_PORT, "port" },
	{ FILTER_ADDR, "address" }, { FILTER_ZONE, "zone" },
	{ FILTER_MARK, "mark" },
};

/* A number from @min to @max, up to @end; NULL when it is none. */
static const char *number(const char *word, int base, unsigned long min,
			  unsigned long max, unsigned long *v)
{
	char *end;

	if (!isdigit((unsigned char)*word) || strcspn(word, "-/") > 10)
		return NULL;
	*v = strtoul(word, &end, base);
	return *v < min || *v > max ? NULL : end;
}

bool filter_set_protocol(struct fo_filter *f, const char *word)
{
	unsigned long v = 0;
	const char *end;
	size_t i;

	f->keys |= FILTER_PROTOCOL;
	for (i = 0; i < ARRAY_SIZE(protocols); i++)
		if (!strcmp(word, protocols[i].name))
			v = protocols[i].number;
	if (!v) {
		end = number(word, 10, 1, 255, &v);
		if (!end || *end)
			return false;
	}
	f->protocol = v;
	return true;
}

/* "PORT" or "FROM-TO" */
bool filter_set_ports(struct fo_filter *f, const char *word)
{
	unsigned long from, to;
	const char *end = number(word, 10, 1, 65535, &from);

	to = from;
	if (end && *end == '-')
		end = number(end + 1, 10, from, 65535, &to);
	if (!end || *end)
		return false;
	f->keys |= FILTER_PORT;
	f->port_from = from;
	f->port_to = to;
	return true;
}

/* Nothing is kept behind the prefix, so that what is the same looks the same. */
static void cut(unsigned char *addr, unsigned int bits)
{
	unsigned int i = bits / 8;

	if (bits % 8)
		addr[i++] &= 0xff00 >> bits % 8;
	for (; i < ADDR_BYTES_MAX; i++)
		addr[i] = 0;
}

/* An address, which is a prefix of its own, or "ADDR/LEN" */
bool filter_set_address(struct fo_filter *f, const char *word)
{
	int family = strchr(word, ':') ? AF_INET6 : AF_INET;
	unsigned int bits = addr_bits(family);

	memset(f->addr, 0, sizeof(f->addr));
	if (!addr_parse(family, word, f->addr) &&
	    !addr_parse_prefix(family, word, f->addr, &bits))
		return false;
	cut(f->addr, bits);
	f->keys |= FILTER_ADDR;
	f->family = family;
	f->prefix = bits;
	return true;
}

bool filter_set_zone(struct fo_filter *f, const char *word)
{
	unsigned long v;
	const char *end = number(word, 10, 0, 65535, &v);

	if (!end || *end)
		return false;
	f->keys |= FILTER_ZONE;
	f->zone = v;
	return true;
}

/* "VALUE" or "VALUE/MASK"; the value has no bit that the mask has not. */
bool filter_set_mark(struct fo_filter *f, const char *word)
{
	unsigned long mark, mask = UINT32_MAX;
	const char *end = number(word, 0, 0, UINT32_MAX, &mark);

	if (end && *end == '/')
		end = number(end + 1, 0, 0, UINT32_MAX, &mask);
	if (!end || *end || mark & ~mask)
		return false;
	f->keys |= FILTER_MARK;
	f->mark = mark;
	f->mask = mask;
	return true;
}

bool filter_same_keys(const struct fo_filter *a, const struct fo_filter *b)
{
	char one[FILTER_TEXT_MAX], other[FILTER_TEXT_MAX];
	size_t i;

	if (a->keys != b->keys)
		return false;
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (a->keys & keys[i].key &&
		    strcmp(filter_key_text(a, keys[i].key, one),
			   filter_key_text(b, keys[i].key, other)))
			return false;
	return true;
}

static void protocol_text(const struct fo_filter *f, char *text)
{
	size_t i;

	snprintf(text, FILTER_TEXT_MAX, "%u", f->protocol);
	for (i = 0; i < ARRAY_SIZE(protocols); i++)
		if (protocols[i].number == f->protocol)
			strcpy(text, protocols[i].name);
}

const char *filter_key_text(const struct fo_filter *f, enum filter_key key,
			    char *text)
{
	char addr[ADDR_TEXT_MAX];

	switch (key) {
	case FILTER_PROTOCOL:
		protocol_text(f, text);
		break;
	case FILTER_PORT:
		snprintf(text, FILTER_TEXT_MAX, f->port_from == f->port_to ?
			 "%u" : "%u-%u", f->port_from, f->port_to);
		break;
	case FILTER_ADDR:
		snprintf(text, FILTER_TEXT_MAX, "%s/%u",
			 addr_text(f->family, f->addr, addr), f->prefix);
		break;
	case FILTER_ZONE:
		snprintf(text, FILTER_TEXT_MAX, "%u", f->zone);
		break;
	case FILTER_MARK:
		snprintf(text, FILTER_TEXT_MAX, f->mask == UINT32_MAX ?
			 "0x%x" : "0x%x/0x%x", f->mark, f->mask);
		break;
	}
	return text;
}

const char *filter_text(const struct fo_filter *f, char *text)
{
	char value[FILTER_TEXT_MAX];
	size_t i, n;

	n = snprintf(text, FILTER_TEXT_MAX, "%s%s", f->include ? "include" :
		     "exclude", f->keys ? "" : " any");
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (f->keys & keys[i].key && n < FILTER_TEXT_MAX)
			n += snprintf(text + n, FILTER_TEXT_MAX - n, " %s %s",
				      keys[i].word,
				      filter_key_text(f, keys[i].key, value));
	return text;
}
