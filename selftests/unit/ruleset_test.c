// SPDX-License-Identifier: GPL-2.0
/* Listings of nftables (of 1.0.6, as they are, and hostile ones) to ranges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ruleset.h"

/* One rule with one statement; ' is ". */
#define RULE(statement) \
	"{'rule':{'family':'inet','table':'nat','chain':'post','handle':8," \
	"'expr':[{'counter':{'packets':0,'bytes':0}}," statement "]}}"
#define MAP(name, elems) \
	"{'map':{'family':'inet','name':'" name "','table':'nat'," \
	"'type':'ipv4_addr','handle':3,'map':'ipv4_addr','elem':[" elems "]}}"
#define BY_MAP(name) \
	RULE("{'snat':{'family':'ip','addr':{'map':{'key':{'payload':" \
	     "{'protocol':'ip','field':'saddr'}},'data':'@" name "'}}}}")
#define BY_SET(elems) \
	RULE("{'snat':{'family':'ip','addr':{'map':{'key':{'numgen':" \
	     "{'mode':'inc','mod':2,'offset':0}},'data':{'set':[" elems \
	     "]}}}}}")

static const struct {
	const char *json;
	const char *want;
} listing[] = {
	{ RULE("{'snat':{'family':'ip','addr':'203.0.113.60'}}"),
	  "203.0.113.60-203.0.113.60 " },
	{ RULE("{'snat':{'family':'ip','addr':{'range':['203.0.113.61',"
	       "'203.0.113.63']},'port':{'range':[1024,2000]}}}"),
	  "203.0.113.61-203.0.113.63 " },
	{ RULE("{'snat':{'family':'ip','addr':{'prefix':{'addr':"
	       "'203.0.113.128','len':29}}}}"),
	  "203.0.113.128-203.0.113.135 " },
	{ RULE("{'snat':{'family':'ip6','addr':{'range':['2001:db8::7',"
	       "'2001:db8::9']}}}"),
	  "2001:db8::7-2001:db8::9 " },
	{ RULE("{'snat':{'family':'ip6','addr':'2001:db8::1','port':80}}"),
	  "2001:db8::1-2001:db8::1 " },
	{ BY_SET("[0,'203.0.113.75'],[1,'203.0.113.76']"),
	  "203.0.113.75-203.0.113.76 " },
	{ BY_SET("[{'prefix':{'addr':'10.141.11.0','len':24}},"
		 "{'prefix':{'addr':'192.168.2.0','len':24}}]"),
	  "192.168.2.0-192.168.2.255 " },
	{ BY_SET("[{'concat':['10.0.0.1',80]},"
		 "{'concat':['203.0.113.77',8080]}]"),
	  "203.0.113.77-203.0.113.77 " },
	{ MAP("m", "[{'elem':{'val':'10.0.2.1','timeout':300,'expires':299,"
		   "'comment':'x'}},'203.0.113.90'],['10.0.2.2',"
		   "'203.0.113.92']") "," BY_MAP("m") "," BY_MAP("m"),
	  "203.0.113.90-203.0.113.90 203.0.113.92-203.0.113.92 " },
	{ MAP("m", "['10.0.0.1',{'elem':{'val':'203.0.113.9'}}]") ","
	  BY_MAP("m"), "203.0.113.9-203.0.113.9 " },
	/* what is not used, not there, or of another kind */
	{ MAP("m", "['10.0.0.1','203.0.113.9']"), "" },
	{ BY_MAP("m"), "" },
	{ MAP("m", "['10.0.3.1',{'accept':null}]") "," BY_MAP("m"), "" },
	{ RULE("{'masquerade':null}"), "" },
	{ RULE("{'dnat':{'family':'ip','addr':'10.0.0.9','port':8080}}"), "" },
	{ RULE("{'match':{'op':'==','left':{'payload':{'protocol':'ip',"
	       "'field':'saddr'}},'right':'10.9.0.1'}}"), "" },
	/* hostile */
	{ "", "" },
	{ "1,null,'x',[],{}", "" },
	{ "{'rule':1},{'rule':{'expr':{}}},{'map':[]},{'map':{'name':1}}",
	  "" },
	{ RULE("{'snat':null},{'snat':1},{'snat':{'addr':1}},1,null"), "" },
	{ RULE("{'snat':{'addr':'203.0.113.256'}},{'snat':{'addr':'a:b'}}"),
	  "" },
	{ RULE("{'snat':{'addr':{'range':['203.0.113.9']}}}"), "" },
	{ RULE("{'snat':{'addr':{'range':['203.0.113.9','203.0.113.8']}}}"),
	  "" },
	{ RULE("{'snat':{'addr':{'range':['203.0.113.9','2001:db8::1']}}}"),
	  "" },
	{ RULE("{'snat':{'addr':{'prefix':{'addr':'203.0.113.0','len':33}}}}"),
	  "" },
	{ RULE("{'snat':{'addr':{'prefix':{'addr':'203.0.113.0','len':-1}}}}"),
	  "" },
	{ RULE("{'snat':{'addr':{'prefix':{'addr':'203.0.113.0',"
	       "'len':4294967320}}}}"), "" },
	{ RULE("{'snat':{'addr':{'map':{'data':'m'}}}},"
	       "{'snat':{'addr':{'map':{'data':'@'}}}},"
	       "{'snat':{'addr':{'map':{'data':{'set':[1,[],[1]]}}}}}"), "" },
};

/* All ranges as "FIRST-LAST ". */
static void ranges_are(struct fo_ranges *r, const char *what, const char *want)
{
	char text[512] = "", a[ADDR_TEXT_MAX], b[ADDR_TEXT_MAX];
	size_t at = 0;
	unsigned int i;

	pool_join(r);
	for (i = 0; i < r->n; i++)
		at += snprintf(text + at, sizeof(text) - at, "%s-%s ",
			       addr_text(r->range[i].family,
					 r->range[i].first, a),
			       addr_text(r->range[i].family,
					 r->range[i].last, b));
	if (strcmp(text, want))
		fail_msg("%s: is \"%s\", want \"%s\"", what, text, want);
	pool_free(r);
}

static char *quoted(const char *objects)
{
	size_t size = strlen(objects) + 32;
	char *text = malloc(size), *p;

	snprintf(text, size, "{'nftables':[%s]}", objects);
	for (p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	return text;
}

static void targets(void **state)
{
	struct fo_ranges r = { .n = 0 };
	char *json;
	size_t i;
	bool xt;

	(void)state;
	for (i = 0; i < sizeof(listing) / sizeof(listing[0]); i++) {
		json = quoted(listing[i].json);
		assert_true(ruleset_json(&r, json, &xt));
		assert_false(xt);
		ranges_are(&r, json, listing[i].want);
		free(json);
	}
}

/* Cut short after each byte, it is no listing; nothing is read beyond it. */
static void cut_short(void **state)
{
	struct fo_ranges r = { .n = 0 };
	char *json = quoted(listing[8].json), *part;
	size_t i, len = strlen(json);
	bool xt;

	(void)state;
	for (i = 0; i < len; i++) {
		part = strndup(json, i);
		assert_false(ruleset_json(&r, part, &xt));
		free(part);
	}
	assert_int_equal(r.n, 0);
	free(json);
	assert_false(ruleset_json(&r, "[]", &xt));
	assert_false(ruleset_json(&r, "{\"nftables\":{}}", &xt));
}

/* Nested deeper than anything that means something. */
static void deep(void **state)
{
	struct fo_ranges r = { .n = 0 };
	char objects[4096] = "", *json;
	int i;
	bool xt;

	(void)state;
	strcat(objects, "{'rule':{'family':'ip','table':'t','expr':[{'snat':{'addr':");
	for (i = 0; i < 100; i++)
		strcat(objects, "{'set':[");
	strcat(objects, "'203.0.113.9'");
	for (i = 0; i < 100; i++)
		strcat(objects, "]}");
	strcat(objects, "}}]}}");
	json = quoted(objects);
	assert_true(ruleset_json(&r, json, &xt));
	assert_int_equal(r.n, 0);
	free(json);
}

static void iptables(void **state)
{
	static const struct {
		const char *statement;
		bool xt;
	} t[] = {
		{ RULE("{'xt':{'type':'target','name':'SNAT'}}"), true },
		{ RULE("{'xt':{'type':'match','name':'comment'}}"), false },
		{ RULE("{'xt':null}"), true },
	};
	struct fo_ranges r = { .n = 0 };
	char *json;
	size_t i;
	bool xt;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		json = quoted(t[i].statement);
		assert_true(ruleset_json(&r, json, &xt));
		assert_int_equal(xt, t[i].xt);
		free(json);
	}
}

static void text(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} t[] = {
		{ "\t\tip saddr 10.0.0.0/8 counter packets 0 bytes 0 snat to 203.0.113.40-203.0.113.42\n",
		  "203.0.113.40-203.0.113.42 " },
		{ "meta l4proto tcp counter packets 0 bytes 0 snat to 203.0.113.7:1024-65535",
		  "203.0.113.7-203.0.113.7 " },
		{ " snat to 203.0.113.7 random\n snat to 203.0.113.9",
		  "203.0.113.7-203.0.113.7 203.0.113.9-203.0.113.9 " },
		{ " snat to [2001:db8::5]:1-5\n", "2001:db8::5-2001:db8::5 " },
		{ " snat to 2001:db8::5-2001:db8::6\n",
		  "2001:db8::5-2001:db8::6 " },
		{ "counter comment \" snat to 203.0.113.7\"", "" },
		{ "counter packets 0 bytes 0 xt target NETMAP", "" },
		{ "dnat to 10.0.0.5", "" },
		{ " snat to ", "" },
		{ " snat to \n203.0.113.7", "" },
		{ " snat to [", "" },
		{ " snat to -", "" },
		{ " snat to :", "" },
		{ "", "" },
	};
	struct fo_ranges r = { .n = 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		ruleset_text(&r, t[i].text);
		ranges_are(&r, t[i].text, t[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(targets),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(deep),
		cmocka_unit_test(iptables),
		cmocka_unit_test(text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
