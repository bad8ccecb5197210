// SPDX-License-Identifier: GPL-2.0
/* The configuration in memory: what is printed is read back, addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "grammar.h"

static void read_text(struct fo_config *c, const char *text)
{
	FILE *f = fmemopen((void *)text, strlen(text), "r");
	struct fo_error e = { .line = 0 };

	config_init(c);
	if (grammar_read(c, f, &e))
		fail_msg("%d: %s\n%s", e.line, e.text, text);
	fclose(f);
}

static char *print(const struct fo_config *c)
{
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	config_print(f, c);
	fclose(f);
	return text;
}

static const char *const texts[] = {
	"no failover\n",
	"failover preempt\n"
	"no failover hold-down\n",
	"failover key none\n",
	"failover interface-policy 50%\n"
	"failover polltime interface msec 750 holdtime 5\n",
	"failover polltime interface msec 500\n",
	"failover polltime interface msec 100 holdtime msec 500\n"
	"failover replication http\n",
	"failover interface-policy 2\n",
	"failover key file /etc/failover/key\nfailover key next file /key2\n",
	"failover lan unit primary\n"
	"failover lan interface L eth3\n"
	"failover interface ip L fe80::1/64 standby fe80::2\n"
	"failover interface ip L 10.0.0.1/30 standby 10.0.0.2\n"
	"failover\n",
	"failover interface ip S 10.0.1.1/30 standby 10.0.1.2\n"
	"failover interface ip L 10.0.0.1/30 standby 10.0.0.2\n"
	"failover lan interface L eth3\n"
	"failover link S eth4\n"
	"failover polltime msec 10 holdtime msec 30\n"
	"failover ethertype 0x9000\n"
	"no failover replication connections\n"
	"failover replication tcp from syn-sent\n"
	"failover replication datagram from new\n"
	"failover replication accounting 60\n"
	"failover replication rate 1500 mbit\n"
	"failover replication http-port 80 8080\n"
	"failover replication exclude protocol 89 address 10.1.2.3/16\n"
	"failover replication include protocol tcp port 80-90 address 2001:db8:: zone 7 mark 1/0xff\n"
	"failover replication exclude any\n"
	"failover replication gtp\n"
	"failover replication delay 30\n"
	"failover preempt 30\n"
	"failover hold-down 2 300\n"
	"interface eth0 nameif a\n"
	" ip address 10.10.0.254 255.255.255.0\n"
	" ipv6 address 2001:db8::1/64 standby 2001:db8::2\n"
	" ipv6 address 2001:db8:1::1/64\n"
	"interface eth1.5 nameif b\n"
	"monitor-interface a weight 2\n"
	"no monitor-interface b\n",
	"interface eth0 nameif a\n"
	"interface eth1 nameif b\n"
	"failover mac address auto 65535\n"
	"failover mac address eth1 02aB.0000.0001 02:ab:00:00:00:02\n",
};

static void prints_what_it_reads(void **state)
{
	struct fo_config a, b;
	char *first, *second;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		read_text(&a, texts[i]);
		first = print(&a);
		read_text(&b, first);
		second = print(&b);
		assert_string_equal(first, second);
		assert_true(config_equal(&a, &b));
		b.poll_ms++;
		assert_false(config_equal(&a, &b));
		config_free(&a);
		config_free(&b);
		free(first);
		free(second);
	}
}

static void one_ipv4_many_ipv6(void **state)
{
	struct fo_config c;

	(void)state;
	read_text(&c, "interface eth0 nameif a\n"
		      " ip address 10.0.0.1/24\n"
		      " ip address 10.0.0.2/24\n"
		      " ipv6 address 2001:db8::1/64\n"
		      " ipv6 address 2001:db8::2/64\n"
		      " no ipv6 address 2001:db8::1/64\n"
		      " ipv6 address 2001:db8::3/64\n");
	assert_int_equal(c.ifc[0].n_addrs, 3);
	assert_int_equal(c.ifc[0].addr[0].active[3], 2);
	assert_int_equal(c.ifc[0].addr[1].active[15], 2);
	assert_int_equal(c.ifc[0].addr[2].active[15], 3);
	config_free(&c);
}

static void mac_is(const char *lines, const char *nameif, bool active,
		   const char *want)
{
	unsigned char mac[MAC_BYTES];
	char text[MAC_TEXT_MAX];
	struct fo_config c;
	bool is;

	read_text(&c, lines);
	is = mac_of(&c, config_nameif(&c, nameif), active, mac);
	config_free(&c);
	assert_int_equal(is, want != NULL);
	if (want)
		assert_string_equal(mac_text(mac, text), want);
}

/* Without a line none; a line of its own comes before the general one. */
static void macs(void **state)
{
	static const char ifcs[] = "interface eth0 nameif a\n"
				   "interface eth1 nameif b\n";
	char lines[256];

	(void)state;
	mac_is(ifcs, "a", true, NULL);
	snprintf(lines, sizeof(lines),
		 "%sfailover mac address a 0200.0000.0001 0200.0000.0002\n",
		 ifcs);
	mac_is(lines, "a", true, "02:00:00:00:00:01");
	mac_is(lines, "a", false, "02:00:00:00:00:02");
	mac_is(lines, "b", true, NULL);
	strcat(lines, "failover mac address auto 258\n");
	mac_is(lines, "a", true, "02:00:00:00:00:01");
	mac_is(lines, "b", true, "a2:01:02:18:58:56");
	mac_is(lines, "b", false, "a2:01:02:18:58:57");
}

/* The list grows, and deleting keeps the order. */
static void many_interfaces(void **state)
{
	struct fo_config c;
	char name[16];
	int i;

	(void)state;
	config_init(&c);
	for (i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "eth%d", i);
		assert_non_null(config_ifc_add(&c, name));
	}
	for (i = 0; i < 300; i += 2) {
		snprintf(name, sizeof(name), "eth%d", i);
		config_ifc_del(&c, name);
	}
	assert_int_equal(c.n_ifcs, 150);
	assert_string_equal(c.ifc[0].ifname, "eth1");
	assert_string_equal(c.ifc[149].ifname, "eth299");
	assert_null(config_ifc(&c, "eth0"));
	config_free(&c);
}

static void too_many_addresses(void **state)
{
	struct fo_addr list[CONFIG_ADDRS_MAX], a = { .family = AF_INET6 };
	unsigned int n = 0, i;

	(void)state;
	for (i = 0; i < CONFIG_ADDRS_MAX; i++) {
		a.active[15] = i + 1;
		assert_true(config_addr_set(list, &n, &a, false));
	}
	assert_true(config_addr_set(list, &n, &a, false));
	a.active[15] = 99;
	assert_false(config_addr_set(list, &n, &a, false));
	assert_int_equal(n, CONFIG_ADDRS_MAX);
}

static void masks(void **state)
{
	static const struct {
		const char *text;
		int prefix;
	} t[] = {
		{ "255.255.255.252", 30 }, { "255.255.255.255", 32 },
		{ "128.0.0.0", 1 }, { "255.255.0.0", 16 },
		{ "0.0.0.0", -1 }, { "255.0.255.0", -1 },
		{ "0.0.0.255", -1 }, { "255.255.255", -1 }, { "", -1 },
	};
	unsigned int prefix;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		assert_int_equal(addr_parse_mask(t[i].text, &prefix),
				 t[i].prefix >= 0);
		if (t[i].prefix >= 0)
			assert_int_equal(prefix, t[i].prefix);
	}
}

static void prefixes(void **state)
{
	unsigned char a[ADDR_BYTES_MAX], b[ADDR_BYTES_MAX];
	unsigned int n;

	(void)state;
	assert_true(addr_parse_prefix(AF_INET, "10.0.0.1/24", a, &n));
	assert_int_equal(n, 24);
	assert_false(addr_parse_prefix(AF_INET, "10.0.0.1", a, &n));
	assert_false(addr_parse_prefix(AF_INET, "10.0.0.1/", a, &n));
	assert_false(addr_parse_prefix(AF_INET, "10.0.0.1/-1", a, &n));
	assert_false(addr_parse_prefix(AF_INET, "10.0.0.1/33", a, &n));
	assert_false(addr_parse_prefix(AF_INET6, "fe80::1/129", a, &n));
	assert_true(addr_parse(AF_INET, "10.0.0.1", a));
	assert_true(addr_parse(AF_INET, "10.0.0.130", b));
	assert_true(addr_same_net(AF_INET, 24, a, b));
	assert_false(addr_same_net(AF_INET, 25, a, b));
	assert_true(addr_same_net(AF_INET, 0, a, b));
	assert_true(addr_same_net(AF_INET, 32, a, a));
	assert_false(addr_same_net(AF_INET, 33, a, a));
}

static int try_text(struct fo_config *c, const char *text, struct fo_error *e)
{
	FILE *f = fmemopen((void *)text, strlen(text), "r");
	int err;

	assert_non_null(f);
	config_init(c);
	*e = (struct fo_error) { .line = 0 };
	err = grammar_read(c, f, e);
	fclose(f);
	return err;
}

/* What a set was given, by its number; NULL: there are not as many. */
static const char *set_of(const struct fo_config *c, unsigned int i)
{
	return i < c->n_sets ? c->set[i].what : NULL;
}

static void nft_sets(void **state)
{
	const char *line = "failover replication nft-set ";
	char text[1024] = "";
	struct fo_config c;
	struct fo_error e;
	unsigned int i;

	(void)state;
	assert_int_equal(try_text(&c,
		"failover replication nft-set inet portal users\n"
		"failover replication nft-set ip6 t s\n"
		"failover replication nft-set inet portal users\n", &e), 0);
	assert_int_equal(c.n_sets, 2);
	assert_string_equal(set_of(&c, 0), "inet portal users");
	assert_string_equal(set_of(&c, 1), "ip6 t s");
	config_free(&c);
	assert_int_equal(try_text(&c,
		"failover replication nft-set inet portal users\n"
		"failover replication nft-set ip6 t s\n"
		"no failover replication nft-set inet portal users\n", &e), 0);
	assert_int_equal(c.n_sets, 1);
	assert_string_equal(set_of(&c, 0), "ip6 t s");
	config_free(&c);
	assert_int_equal(try_text(&c,
		"failover replication nft-set ip6 t s\n"
		"no failover replication nft-set\n", &e), 0);
	assert_int_equal(c.n_sets, 0);
	config_free(&c);
	for (i = 0; i <= CONFIG_SETS; i++)
		sprintf(text + strlen(text), "%sinet t s%u\n", line, i);
	assert_int_equal(try_text(&c, text, &e), -1);
	assert_int_equal(e.line, CONFIG_SETS + 1);
	config_free(&c);
	assert_int_equal(try_text(&c, "failover replication nft-set ipx t s",
				   &e), -1);
	assert_int_equal(e.word, 4);
	config_free(&c);
}

/* A line, and how it is kept; NULL: it is refused. */
static const struct {
	const char *line, *kept;
} route_lines[] = {
	{ "static", "static" },
	{ "bgp table 100", "bgp table 100" },
	{ "protocol 201", "protocol 201" },
	/* what means the same is the same */
	{ "protocol 186", "bgp" },
	{ "static table 254", "static" },
	{ "kernel", NULL },
	{ "protocol 2", NULL },
	{ "protocol 70", NULL },
	{ "protocol 256", NULL },
	{ "static table 255", NULL },
	{ "static table 0", NULL },
	{ "static table", NULL },
	{ "protocol", NULL },
	{ "timeout 0:00:09", NULL },
	{ "timeout 0:60:00", NULL },
	{ "timeout 10", NULL },
};

static void routes(void **state)
{
	char line[80], *printed;
	struct fo_config c;
	struct fo_error e;
	size_t i, len;
	FILE *f;

	(void)state;
	for (i = 0; i < sizeof(route_lines) / sizeof(*route_lines); i++) {
		snprintf(line, sizeof(line), "failover replication route %s\n",
			 route_lines[i].line);
		printf("# %s", line);
		assert_int_equal(try_text(&c, line, &e),
				 route_lines[i].kept ? 0 : -1);
		if (route_lines[i].kept) {
			assert_int_equal(c.n_routes, 1);
			assert_string_equal(c.route[0].what,
					    route_lines[i].kept);
		}
		config_free(&c);
	}
	assert_int_equal(try_text(&c,
		"failover replication route static\n"
		"failover replication route ospf table 7\n"
		"failover replication route static\n"
		"failover replication route timeout 0:20:00\n"
		"no failover replication route static\n", &e), 0);
	assert_int_equal(c.n_routes, 1);
	assert_int_equal(c.route_timeout, 1200);
	f = open_memstream(&printed, &len);
	config_print(f, &c);
	fclose(f);
	assert_non_null(strstr(printed,
			       "\nfailover replication route ospf table 7\n"
			       "failover replication route timeout 0:20:00\n"));
	free(printed);
	config_free(&c);
	assert_int_equal(try_text(&c,
		"failover replication route static\n"
		"failover replication route timeout -1\n"
		"no failover replication route\n", &e), 0);
	assert_int_equal(c.n_routes, 0);
	assert_int_equal(c.route_timeout, CONFIG_FOREVER);
	config_free(&c);
	assert_int_equal(try_text(&c,
		"failover replication route timeout -1\n"
		"no failover replication route timeout\n", &e), 0);
	assert_int_equal(c.route_timeout, CONFIG_ROUTE_TIMEOUT);
	config_free(&c);
}

/* Each line, and the rule as it is printed. */
static void filters(void **state)
{
	static const char *const lines[][2] = {
		{ "exclude protocol tcp", "exclude protocol tcp" },
		{ "exclude protocol 6 port 80-80", "exclude protocol tcp port 80" },
		{ "exclude address 10.1.2.3/15", "exclude address 10.0.0.0/15" },
		{ "exclude address 10.1.2.3", "exclude address 10.1.2.3/32" },
		{ "exclude address 2001:db8::1:0/127", "exclude address 2001:db8::1:0/127" },
		{ "exclude address ::1:1/111", "exclude address ::/111" },
		{ "include mark 255", "include mark 0xff" },
		{ "include mark 0x10/0xf0 ", "include mark 0x10/0xf0" },
		{ "include zone 0", "include zone 0" },
		{ "include any", "include any" },
	};
	char text[128], said[FILTER_TEXT_MAX];
	struct fo_config c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(text, sizeof(text), "failover replication %s\n",
			 lines[i][0]);
		read_text(&c, text);
		assert_int_equal(c.n_filters, 1);
		assert_string_equal(filter_text(&c.filter[0], said), lines[i][1]);
		config_free(&c);
	}
}

static void order_of_filters(void **state)
{
	char text[64 * (CONFIG_FILTERS + 1)] = "", said[FILTER_TEXT_MAX];
	struct fo_config c;
	struct fo_error e;
	unsigned int i;

	(void)state;
	/* the same connections: it takes the place of the first */
	read_text(&c, "failover replication exclude port 53\n"
		  "failover replication exclude zone 1\n"
		  "failover replication include port 53\n");
	assert_int_equal(c.n_filters, 2);
	assert_string_equal(filter_text(&c.filter[0], said), "include port 53");
	config_free(&c);
	read_text(&c, "failover replication exclude port 53\n"
		  "failover replication include zone 1\n"
		  "failover replication exclude zone 2\n"
		  "no failover replication include port 53\n"
		  "no failover replication exclude zone 2\n");
	assert_int_equal(c.n_filters, 2);
	config_free(&c);
	read_text(&c, "failover replication exclude port 53\n"
		  "failover replication include zone 1\n"
		  "failover replication exclude any\n"
		  "no failover replication exclude\n");
	assert_int_equal(c.n_filters, 1);
	assert_string_equal(filter_text(&c.filter[0], said), "include zone 1");
	config_free(&c);
	for (i = 0; i <= CONFIG_FILTERS; i++)
		sprintf(text + strlen(text), "failover replication exclude port %u\n",
			i + 1);
	assert_int_equal(try_text(&c, text, &e), -1);
	assert_int_equal(e.line, CONFIG_FILTERS + 1);
	config_free(&c);
}

static void http_ports(void **state)
{
	struct fo_config c;

	(void)state;
	read_text(&c, "failover replication http\n");
	assert_true(c.http);
	assert_int_equal(c.n_http_ports, 1);
	assert_int_equal(c.http_port[0], 80);
	config_free(&c);
	read_text(&c, "failover replication http-port 1 2 3 4 5 6 7 65535\n");
	assert_false(c.http);
	assert_int_equal(c.n_http_ports, 8);
	assert_int_equal(c.http_port[7], 65535);
	config_free(&c);
	read_text(&c, "failover replication http-port 8080\n"
		  "no failover replication http-port\n");
	assert_int_equal(c.n_http_ports, 1);
	assert_int_equal(c.http_port[0], 80);
	config_free(&c);
}

/* What the last of these lines leaves. */
static void ipsec_is(const char *lines, uint8_t want)
{
	struct fo_config c;
	struct fo_error e;

	assert_int_equal(try_text(&c, lines, &e), 0);
	assert_int_equal(c.ipsec, want);
	config_free(&c);
}

static void ipsec(void **state)
{
	(void)state;
	ipsec_is("", NF_FAILOVER_IPSEC_NUMBERS);
	ipsec_is("failover replication ipsec keys\n", NF_FAILOVER_IPSEC_KEYS);
	ipsec_is("failover replication ipsec keys\n"
		 "failover replication ipsec\n", NF_FAILOVER_IPSEC_NUMBERS);
	ipsec_is("failover replication ipsec keys\n"
		 "no failover replication ipsec keys\n",
		 NF_FAILOVER_IPSEC_NUMBERS);
	ipsec_is("failover replication ipsec keys\n"
		 "no failover replication ipsec\n", NF_FAILOVER_IPSEC_NONE);
	/* what was off is not switched on by taking something from it */
	ipsec_is("no failover replication ipsec\n"
		 "no failover replication ipsec keys\n",
		 NF_FAILOVER_IPSEC_NONE);
}

/* Each of these lines has its own switch, and moves no other. */
static void switches(void **state)
{
	struct fo_config c;
	struct fo_error e;

	(void)state;
	assert_int_equal(try_text(&c, "", &e), 0);
	assert_true(c.replication && c.neighbours && c.objects &&
		    c.expectations);
	assert_false(c.gtp);
	config_free(&c);
	assert_int_equal(try_text(&c, "failover replication gtp\n"
				  "no failover replication objects\n", &e), 0);
	assert_true(c.replication && c.neighbours && c.expectations && c.gtp);
	assert_false(c.objects);
	config_free(&c);
	assert_int_equal(try_text(&c, "failover replication gtp\n"
				  "no failover replication connections\n"
				  "no failover replication neighbours\n"
				  "no failover replication expectations\n"
				  "no failover replication gtp\n", &e), 0);
	assert_true(c.objects);
	assert_false(c.replication || c.neighbours || c.expectations || c.gtp);
	config_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_what_it_reads),
		cmocka_unit_test(one_ipv4_many_ipv6),
		cmocka_unit_test(macs),
		cmocka_unit_test(many_interfaces),
		cmocka_unit_test(too_many_addresses),
		cmocka_unit_test(masks),
		cmocka_unit_test(prefixes),
		cmocka_unit_test(nft_sets),
		cmocka_unit_test(routes),
		cmocka_unit_test(filters),
		cmocka_unit_test(order_of_filters),
		cmocka_unit_test(http_ports),
		cmocka_unit_test(ipsec),
		cmocka_unit_test(switches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
