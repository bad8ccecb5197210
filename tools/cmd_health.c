// SPDX-License-Identifier: GPL-2.0
/* "failover check": one line and an exit status for a monitoring system. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "health.h"
#include "names.h"
#include "gtp_look.h"
#include "ipsec_look.h"
#include "nft_set.h"
#include "route_nl.h"

/* Between the two looks that show whether errors grow. */
#define BETWEEN_US	1000000
#define VALUES_MAX	16

static void summary(const struct fo_show *s, char *text, size_t size)
{
	uint32_t state;

	snprintf(text, size, "%s %s, mate %s", names_unit(s->config.unit),
		 show_host_state(s, &s->this, &state),
		 show_host_state(s, &s->other, &state));
}

/* '|' begins the performance data. */
static void print_word(const char *text)
{
	for (; *text; text++)
		putchar(*text == '|' || *text == '\n' ? '/' : *text);
}

static void print_text(const struct health *h, const char *text,
		       const struct health_value *v, unsigned int n)
{
	unsigned int i;

	printf("FAILOVER %s - ", health_word(h->level));
	print_word(text);
	for (i = 0; i < h->n; i++) {
		printf("; ");
		print_word(h->finding[i].text);
	}
	for (i = 0; i < n; i++)
		printf("%s%s=%" PRIu64 "%s", i ? " " : " | ", v[i].name,
		       v[i].value, v[i].unit);
	putchar('\n');
}

static json_t *findings(const struct health *h)
{
	json_t *all = json_array();
	unsigned int i;

	for (i = 0; i < h->n; i++)
		json_array_append_new(all, json_pack(
			"{s:s, s:s, s:s}",
			"name", h->finding[i].name,
			"status", health_word(h->finding[i].level),
			"text", h->finding[i].text));
	return all;
}

static void print_json(const struct health *h, const char *text,
		       const struct health_value *v, unsigned int n)
{
	json_t *values = json_object(), *o;
	unsigned int i;

	for (i = 0; i < n; i++)
		json_object_set_new(values, v[i].name,
				    json_integer(v[i].value));
	o = json_pack("{s:s, s:i, s:s, s:o, s:o}",
		      "status", health_word(h->level), "code", h->level,
		      "text", text, "findings", findings(h),
		      "values", values);
	json_dumpf(o, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(o);
}

static int print(const struct cmd *c, const struct health *h,
		 const char *text, const struct health_value *v,
		 unsigned int n)
{
	if (c->json)
		print_json(h, text, v, n);
	else
		print_text(h, text, v, n);
	return h->level;
}

static int unknown(const struct cmd *c)
{
	const struct health h = { .level = HEALTH_UNKNOWN };

	return print(c, &h, c->nl.error, NULL, 0);
}

static int judge(const struct cmd *c, const struct fo_show *before,
		 const struct fo_show *now)
{
	struct health_value v[VALUES_MAX];
	char text[128];
	struct health h;

	health_judge(&h, before, now);
	summary(now, text, sizeof(text));
	return print(c, &h, text, v, health_values(v, VALUES_MAX, now));
}

int cmd_health(struct cmd *c)
{
	struct fo_show before = { .failover_at = 0 };
	struct fo_show now = { .failover_at = 0 };
	int status;

	if (nl_open(&c->nl))
		return unknown(c);
	if (nl_get(&c->nl, &before, false) || usleep(BETWEEN_US) ||
	    nl_get(&c->nl, &now, false)) {
		status = unknown(c);
	} else {
		nft_sets_look(&now.config);
		routes_look(&c->nl, &now);
		ipsec_look(&c->nl, &now);
		gtp_look(&c->nl, &now);
		status = judge(c, &before, &now);
	}
	nl_show_free(&before);
	nl_show_free(&now);
	nl_close(&c->nl);
	return status;
}
