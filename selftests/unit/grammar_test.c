// SPDX-License-Identifier: GPL-2.0
/* The command language: the seeds' lines, what is refused and how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "grammar.h"

static int read_text(struct fo_config *c, const char *text, struct fo_error *e)
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

#define BASE \
	"failover lan unit primary\n" \
	"failover lan interface FAIL-LINK eth3\n"

/* As they were written, so they are printed, and taken back one by one. */
static void exec_and_timeout(void **state)
{
	static const char text[] =
		"failover timeout 1193:59:59\n"
		"failover wait-disable\n"
		"failover exec clear-text\n"
		"failover exec allow disk /bin/df -h /\n"
		"failover exec allow up /usr/bin/uptime\n";
	struct fo_config c;
	struct fo_error e;
	char *out = NULL, many[2048] = "";
	size_t len, i;
	FILE *f;

	(void)state;
	assert_int_equal(read_text(&c, text, &e), 0);
	assert_int_equal(c.reconnect, 1193 * 3600 + 59 * 60 + 59);
	assert_string_equal(config_exec(&c, "disk")->command, "/bin/df -h /");
	assert_null(config_exec(&c, "dis"));
	f = open_memstream(&out, &len);
	config_print(f, &c);
	fclose(f);
	assert_non_null(strstr(out, text));
	free(out);
	assert_int_equal(read_text(&c, "failover timeout -1", &e), 0);
	assert_int_equal(c.reconnect, CONFIG_FOREVER);
	assert_int_equal(read_text(&c, "failover exec allow a /a\n"
				   "failover exec allow b /b\n"
				   "failover exec allow a /c\n"
				   "no failover exec allow b\n", &e), 0);
	assert_int_equal(c.n_execs, 1);
	assert_string_equal(c.exec[0].command, "/c");
	assert_int_equal(read_text(&c, "failover exec allow a /a\n"
				   "no failover exec allow\n", &e), 0);
	assert_int_equal(c.n_execs, 0);
	for (i = 0; i < CONFIG_EXECS + 1; i++)
		sprintf(many + strlen(many), "failover exec allow n%zu /a\n",
			i);
	assert_int_equal(read_text(&c, many, &e), -1);
	assert_non_null(strstr(e.text, "at most 16 commands"));
}

/* As they are printed, they are read; what is as by default is left out. */
static void tracks(void **state)
{
	static const struct { const char *line, *what; uint32_t weight; } t[] = {
		{ "script /bin/x", "script /bin/x", 1 },
		{ "script /bin/x interval 5 timeout 5 rise 1 fall 1 weight 1",
		  "script /bin/x", 1 },
		{ "script /bin/x interval msec 1500 timeout 1 rise 3 fall 2 weight 255",
		  "script /bin/x interval msec 1500 timeout 1 rise 3 fall 2", 255 },
		{ "process named at-least 2", "process named at-least 2", 1 },
		{ "process /usr/sbin/bird interval 1", "process /usr/sbin/bird", 1 },
		{ "file /run/x contains up at-least 3 interval 1 fall 100",
		  "file /run/x contains up at-least 3 fall 100", 1 },
		{ "route 0.0.0.0/0 weight 2", "route 0.0.0.0/0", 2 },
		{ "route 10.1.0.0/16 via 10.0.0.1 dev eth0 table 254",
		  "route 10.1.0.0/16 via 10.0.0.1 dev eth0", 1 },
		{ "route ::/0 via FE80::1 dev eth0 table 7 interval msec 1100",
		  "route ::/0 via fe80::1 dev eth0 table 7 interval msec 1100", 1 },
		{ "bfd 10.0.0.2 socket /run/bird/bird.ctl interval 1",
		  "bfd 10.0.0.2", 1 },
		{ "bfd FE80::2 dev eth0 socket /run/b.ctl fall 3 weight 2",
		  "bfd fe80::2 dev eth0 socket /run/b.ctl fall 3", 2 },
	};
	char line[256], many[1024] = "";
	struct fo_config c;
	struct fo_error e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		snprintf(line, sizeof(line), "failover track a %s\n", t[i].line);
		assert_int_equal(read_text(&c, line, &e), 0);
		assert_int_equal(c.n_tracks, 1);
		assert_string_equal(c.track[0].name, "a");
		assert_string_equal(c.track[0].what, t[i].what);
		assert_int_equal(c.track[0].weight, t[i].weight);
	}
	assert_int_equal(read_text(&c, "failover track a file /a\n"
				   "failover track b file /b\n"
				   "failover track a file /c weight 3\n"
				   "no failover track b\n", &e), 0);
	assert_int_equal(c.n_tracks, 1);
	assert_string_equal(c.track[0].what, "file /c");
	assert_int_equal(read_text(&c, "failover track a file /a\n"
				   "no failover track a file /a weight 7\n"
				   "failover track b file /b\n"
				   "no failover track\n", &e), 0);
	assert_int_equal(c.n_tracks, 0);
	for (i = 0; i < CONFIG_TRACKS + 1; i++)
		sprintf(many + strlen(many), "failover track n%zu file /a\n", i);
	assert_int_equal(read_text(&c, many, &e), -1);
	assert_non_null(strstr(e.text, "at most 8 tracked objects"));
}

/* Every line that the seeds show and that this version knows. */
static void accepts_the_seeds(void **state)
{
	static const char text[] =
		"! Dedicated stateful link on its own physical interface\n"
		"interface eth4\n"
		"description STATE Failover Interface\n"
		"no shutdown\n"
		"no nameif\n"
		"no security-level\n"
		"no ip address\n"
		"! Stateful link configuration\n"
		"failover lan unit primary\n"
		"failover lan interface FAIL-LINK eth3\n"
		"failover link STATE-LINK eth4\n"
		"failover interface ip FAIL-LINK 169.254.99.1 255.255.255.252 standby 169.254.99.2\n"
		"failover interface ip STATE-LINK 169.254.99.5/30 standby 169.254.99.6\n"
		"failover polltime unit 15 holdtime 45\n"
		"failover polltime unit 1 holdtime 3\n"
		"failover polltime unit msec 200 holdtime msec 800\n"
		"interface eth0 nameif inside\n"
		" ip address 10.10.0.254/24 standby 10.10.0.253\n"
		" ipv6 address 2001:db8::1/64 standby 2001:db8::2\n"
		"interface eth1\n"
		" nameif dmz\n"
		"monitor-interface inside weight 255\n"
		"monitor-interface dmz weight 3\n"
		"no monitor-interface dmz\n"
		"failover\n";
	struct fo_config c;
	struct fo_error e;

	(void)state;
	if (read_text(&c, text, &e))
		fail_msg("line %d: %s", e.line, e.text);
	assert_true(c.enabled);
	assert_int_equal(c.unit, NF_FAILOVER_UNIT_PRIMARY);
	assert_string_equal(c.link[0].ifname, "eth3");
	assert_string_equal(c.link[1].name, "STATE-LINK");
	assert_int_equal(c.link_ip[0].addr[0].prefix, 30);
	assert_int_equal(c.n_ifcs, 2);
	assert_string_equal(c.ifc[0].nameif, "inside");
	assert_int_equal(c.ifc[0].n_addrs, 2);
	assert_true(c.ifc[0].monitored);
	assert_false(c.ifc[1].monitored);
	assert_int_equal(c.ifc[0].weight, 255);
	assert_int_equal(c.ifc[1].weight, 1);
	config_free(&c);
}

static void accepts_one_link_for_both(void **state)
{
	struct fo_config c;
	struct fo_error e;

	(void)state;
	assert_int_equal(read_text(&c, "failover lan unit secondary\n"
		"failover link FAIL-LINK eth3\n"
		"failover lan interface FAIL-LINK eth3\n"
		"failover interface ip FAIL-LINK standby\n"
		"failover\n", &e), 0);
	assert_string_equal(c.link[1].name, "");
	assert_ptr_equal(config_state_link(&c), &c.link[0]);
	config_free(&c);
}

static void further_links(void **state)
{
	static const char links[] =
		"failover lan unit primary\n"
		"failover lan interface FAIL-LINK eth3\n"
		"failover backup link SPARE eth5\n"
		"failover backup link THIRD eth6 transport udp\n"
		"failover interface ip THIRD 10.0.0.1/30 standby 10.0.0.2\n";
	static const struct {
		const char *line;
		const char *says;
	} bad[] = {
		{ "failover backup link FOURTH eth7\n", "one too many" },
		{ "no failover backup link SPARE\nfailover backup link FAIL-LINK eth7\n",
		  "is there twice" },
		{ "failover backup link SPARE eth3\n", "a device for each" },
		{ "no failover backup link\nfailover interface ip SPARE 10.0.0.5/30 standby 10.0.0.6\n",
		  "is not defined" },
	};
	struct fo_config c;
	struct fo_error e;
	char text[1024];
	size_t i;

	(void)state;
	assert_int_equal(read_text(&c, links, &e), 0);
	assert_string_equal(c.link[NF_FAILOVER_LINK_KIND_BACKUP].ifname, "eth5");
	assert_string_equal(c.link[NF_FAILOVER_LINK_KIND_BACKUP2].name, "THIRD");
	assert_ptr_equal(config_state_link(&c), &c.link[0]);
	assert_non_null(config_udp_addr(&c,
			&c.link[NF_FAILOVER_LINK_KIND_BACKUP2]));
	config_free(&c);

	snprintf(text, sizeof(text), "%sno failover backup link\n", links);
	assert_int_equal(read_text(&c, text, &e), 0);
	assert_string_equal(c.link[NF_FAILOVER_LINK_KIND_BACKUP].name, "");
	assert_null(config_link_ip(&c, "THIRD"));
	config_free(&c);

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "%s%s", links, bad[i].line);
		assert_int_equal(read_text(&c, text, &e), -1);
		assert_non_null(strstr(e.text, bad[i].says));
	}
}

static void holdtime_follows_polltime(void **state)
{
	static const struct {
		const char *line;
		uint32_t poll, hold;
	} t[] = {
		{ "failover polltime 5", 5000, 15000 },
		{ "failover polltime unit 15", 15000, 45000 },
		{ "failover polltime msec 10", 10, 800 },
		{ "failover polltime msec 300", 300, 900 },
		{ "failover polltime unit msec 10 holdtime msec 30", 10, 30 },
		{ "failover polltime msec 500 holdtime 2", 500, 2000 },
		{ "no failover polltime", 200, 800 },
		{ "no failover polltime unit 5 holdtime 15", 200, 800 },
	};
	struct fo_config c;
	struct fo_error e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		assert_int_equal(read_text(&c, t[i].line, &e), 0);
		assert_int_equal(c.poll_ms, t[i].poll);
		assert_int_equal(c.hold_ms, t[i].hold);
		config_free(&c);
	}
}

#define MACS \
	"interface eth0 nameif a\n" \
	"interface eth1 nameif b\n"

/* @word 0: about the line; @text: must be in the message. */
static const struct {
	const char *lines;
	int line;
	unsigned int word;
	const char *text;
} bad[] = {
	{ "failover lan unit foo", 1, 4,
	  "\"foo\": expected primary or secondary" },
	{ "failover lan unit", 1, 4, "expected primary or secondary" },
	{ "\n\nfailover lnik", 3, 2, "\"lnik\": expected lan, link" },
	{ "failover lan interface A", 1, 5, "expected a network device" },
	{ "failover lan interface A eth/0", 1, 5, "network device" },
	{ "failover lan interface A averyverylongname", 1, 5, "device" },
	{ "failover lan unit primary now", 1, 5, "the end of the line" },
	{ "failover polltime unit msce 200", 1, 4, "msec" },
	{ "failover polltime msec 9", 1, 4, "msec 10 to 15 s" },
	{ "failover polltime 16", 1, 3, "msec 10 to 15 s" },
	{ "failover polltime 99999999", 1, 3, "msec 10 to 15 s" },
	{ "failover polltime 5 holdtime 46", 1, 5, "msec 30 to 45 s" },
	{ "failover polltime 5 holdtime 10", 1, 0, "three polltimes" },
	{ "failover ethertype 0x88", 1, 3, "EtherType" },
	{ "failover replication rate 63", 1, 4, "64 kbit to 100 gbit" },
	{ "failover replication rate 101 gbit", 1, 4, "64 kbit to 100 gbit" },
	{ "failover replication rate 99999999 gbit", 1, 4, "64 kbit to" },
	{ "failover replication rate 1 tbit", 1, 5, "kbit, mbit, gbit" },
	{ "failover replication rate", 1, 4, "a number" },
	{ "failover replication accounting 4", 1, 4, "5 to 3600" },
	{ "failover replication delay 3601", 1, 4, "0 to 3600" },
	{ "failover replication delay", 1, 4, "a number" },
	{ "failover replication http-port 0", 1, 4, "a TCP port" },
	{ "failover replication http-port 1 2 3 4 5 6 7 8 9", 1, 12, "the end of the line" },
	{ "failover replication include", 1, 4, "any, protocol, port, address, zone or mark" },
	{ "failover replication exclude any port 1", 1, 5, "the end of the line" },
	{ "failover replication exclude protocol 0", 1, 5, "tcp, udp, icmp" },
	{ "failover replication exclude protocol 256", 1, 5, "tcp, udp, icmp" },
	{ "failover replication exclude protocol tcpp", 1, 5, "tcp, udp, icmp" },
	{ "failover replication exclude port 0", 1, 5, "a port, or FROM-TO" },
	{ "failover replication exclude port 65536", 1, 5, "a port, or FROM-TO" },
	{ "failover replication exclude port 90-80", 1, 5, "a port, or FROM-TO" },
	{ "failover replication exclude port 80-", 1, 5, "a port, or FROM-TO" },
	{ "failover replication exclude address 10.0.0.0/33", 1, 5, "address/prefix length" },
	{ "failover replication exclude address 2001:db8::/129", 1, 5, "address/prefix length" },
	{ "failover replication exclude zone 65536", 1, 5, "a zone" },
	{ "failover replication exclude mark 0x100/0xff", 1, 5, "a mark" },
	{ "failover replication exclude mark 0x100000000", 1, 5, "a mark" },
	{ "failover replication exclude mark -1", 1, 5, "a mark" },
	{ "failover replication exclude port 80 protocol tcp", 1, 6, "address" },
	{ "failover replication accounting 3601", 1, 4, "5 to 3600" },
	{ "failover interface ip A 1.2.3.4 255.0.255.0 standby 1.2.3.5",
	  1, 6, "a netmask" },
	{ "failover interface ip A 1.2.3.4/33 standby 1.2.3.5", 1, 5,
	  "an IPv4 address" },
	{ "failover interface ip A 1.2.3.4/30", 1, 6, "standby" },
	{ BASE "failover interface ip B 1.2.3.4/24 standby 1.2.3.5", 3, 0,
	  "link B has addresses but is not defined" },
	{ BASE "failover interface ip FAIL-LINK 1.2.3.4/24 standby 1.2.3.4",
	  3, 0, "is the active and the standby address" },
	{ BASE "failover interface ip FAIL-LINK 1.2.3.4/30 standby 1.2.3.9",
	  3, 0, "outside the prefix" },
	{ BASE "failover link FAIL-LINK eth4", 3, 0, "one device" },
	{ "failover lan interface A eth3 transport tcp", 1, 7, "udp" },
	{ "failover lan interface A eth3 transport udp port 0", 1, 9,
	  "a UDP port, 1 to 65535" },
	{ "failover link A eth3 transport udp port 65536", 1, 8, "a UDP port" },
	{ BASE "failover link S eth4 transport udp", 3, 0,
	  "link S is in UDP and has no addresses" },
	{ BASE "failover link S eth4 transport udp\n"
	  "failover interface ip S standby", 3, 0, "no addresses" },
	{ BASE "failover link OTHER eth3", 3, 0, "same name" },
	{ BASE "interface eth3 nameif inside", 3, 0, "dedicated device" },
	{ "nameif inside", 1, 1, "expected failover, interface or" },
	{ "interface eth0\nfailover\nnameif a", 3, 1, "\"nameif\"" },
	{ "interface eth0 nameif a\ninterface eth1 nameif a", 2, 0,
	  "already the name of eth0" },
	{ "interface eth0 ip address 10.0.0.1/24", 1, 0, "no name" },
	{ "interface eth0 nameif a\n ip address 0.0.0.1/24", 2, 0,
	  "not the address of a host" },
	{ "interface eth0 nameif a\n ip address 10.0.0.1/24\n"
	  "interface eth1 nameif b\n ip address 10.0.0.1/24", 4, 0,
	  "already one of a" },
	{ "monitor-interface inside", 1, 2, "nameif of an interface" },
	{ "interface eth0 nameif a\nmonitor-interface a weight 0", 2, 4,
	  "1 to 255" },
	{ "interface eth0 nameif a\nmonitor-interface a weight 256", 2, 4,
	  "1 to 255" },
	{ "interface eth0 nameif a\nmonitor-interface a weight", 2, 4,
	  "1 to 255" },
	{ "failover mac address a 0200.0000.0001 0200.0000.0002", 1, 4,
	  "the nameif or device" },
	{ MACS "failover mac address a 0200.0000.0001", 3, 6, "a MAC" },
	{ MACS "failover mac address a 0200.0000.0001 0200.0000.00", 3, 6,
	  "xx:xx" },
	{ MACS "failover mac address a 02:00:00:00:00:01:02 0200.0000.0002",
	  3, 5, "a MAC" },
	{ MACS "failover mac address a 01:00:00:00:00:01 0200.0000.0002",
	  3, 5, "a MAC" },
	{ MACS "failover mac address a 0:0:0:0:0:1 0200.0000.0002", 3, 5,
	  "a MAC" },
	{ MACS "failover mac address a 0000.0000.0000 0200.0000.0002", 3, 5,
	  "a MAC" },
	{ MACS "failover mac address a 0200.0000.0001 02:00:00:00:00:01",
	  3, 0, "are the same, expected two" },
	{ MACS "failover mac address b 0200.0000.0001 0200.0000.0002\n"
	  "failover mac address a 0200.0000.0003 0200.0000.0001", 3, 0,
	  "b: 02:00:00:00:00:01 is already a MAC of a" },
	{ "failover mac address auto 0", 1, 5, "number of the pair" },
	{ "failover mac address auto 65536", 1, 5, "1 to 65535" },
	{ "failover mac", 1, 3, "address" },
	{ "failover", 1, 0, "without a unit" },
	{ "failover lan unit primary\nfailover", 2, 0,
	  "without a failover link" },
	{ "failover interface-policy 0", 1, 3, "1 to 1025" },
	{ "failover interface-policy 1026", 1, 3, "1% to 100%" },
	{ "failover interface-policy 101%", 1, 3, "1% to 100%" },
	{ "failover interface-policy 5%%", 1, 3, "1% to 100%" },
	{ "failover interface-policy %", 1, 3, "1% to 100%" },
	{ "failover polltime interface 16", 1, 4, "msec 100 to 15 s" },
	{ "failover polltime interface msec 99", 1, 5, "msec 100 to 15 s" },
	{ "failover polltime interface msec 100 holdtime msec 499", 1, 8,
	  "msec 500 to 75 s" },
	{ "failover polltime interface 3 holdtime 14", 1, 6,
	  "at least five polltimes" },
	{ "failover polltime interface 3 holdtime 76", 1, 6, "to 75 s" },
	{ "failover replication https", 1, 3, "http" },
	{ "failover preempt 1201", 1, 3, "0 to 1200" },
	{ "failover preempt x", 1, 3, "expected" },
	{ "failover hold-down 3", 1, 4, "a number" },
	{ "failover hold-down 0 60", 1, 3, "1 to 16" },
	{ "failover hold-down 17 60", 1, 3, "1 to 16" },
	{ "failover hold-down 3 3601", 1, 4, "1 to 3600" },
	{ "failover timeout 0:60:00", 1, 3, "0:00:00 to 1193:59:59, or -1" },
	{ "failover timeout 1194:00:00", 1, 3, "1193:59:59" },
	{ "failover timeout 1:00", 1, 3, "1193:59:59" },
	{ "failover timeout 1:00:00:00", 1, 3, "1193:59:59" },
	{ "failover timeout -2", 1, 3, "hours:minutes:seconds, or -1" },
	{ "failover wait-disable 1", 1, 3, "the end of the line" },
	{ "failover exec allow show /bin/x", 1, 4, "no word of failover" },
	{ "failover exec allow no /bin/x", 1, 4, "no word of failover" },
	{ "failover exec allow x bin/x", 1, 5, "the path of a file" },
	{ "failover exec allow x", 1, 5, "the path of a file" },
	{ "failover exec allow x /bin/x 'a b'", 1, 5,
	  "without blanks and quotes" },
	{ "failover track", 1, 3, "a name of at most 15 characters" },
	{ "failover track a-name-that-is-lo script /x", 1, 3,
	  "a name of at most 15 characters" },
	{ "failover track a ping 1.1.1.1", 1, 4,
	  "expected script, process, file, route or bfd" },
	{ "failover track a script x", 1, 5, "the path of a file, from / on" },
	{ "failover track a script /x interval msec 99", 1, 8, "msec 100 to" },
	{ "failover track a script /x timeout 0", 1, 7, "msec 100 to" },
	{ "failover track a script /x rise 0", 1, 7, "1 to 100" },
	{ "failover track a script /x fall 101", 1, 7, "1 to 100" },
	{ "failover track a script /x fall 2 rise 2", 1, 8,
	  "weight or the end of the line" },
	{ "failover track a script /x weight 256", 1, 7, "1 to 255" },
	{ "failover track a script /x\"", 1, 5, "without blanks and quotes" },
	{ "failover track a process bin/x", 1, 5, "or its path from / on" },
	{ "failover track a process x at-least 33", 1, 7, "1 to 32" },
	{ "failover track a file /x timeout 1", 1, 6,
	  "contains, at-least, interval, rise, fall, weight or the end of the line" },
	{ "failover track a route 10.0.0.1/24", 1, 5,
	  "a network, without bits behind its prefix" },
	{ "failover track a route fe80::1/10", 1, 5,
	  "a network, without bits behind its prefix" },
	{ "failover track a route 10.0.0.0/24 via fe80::1", 1, 7,
	  "an IPv4 address" },
	{ "failover track a bfd 10.0.0.0/24", 1, 5, "an IPv4 address" },
	{ "failover track a bfd 10.0.0.2 socket bird.ctl", 1, 7,
	  "the path of a socket, from / on" },
	{ "failover track a bfd 10.0.0.2 socket /"
	  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 1, 7,
	  "a path of at most 107 characters" },
	{ "failover track a route ::/0 table 0", 1, 7, "1 to 99999999" },
	{ "interface eth0 nameif a\nfailover track a file /x", 2, 0,
	  "has the name of an interface" },
	{ "failover exec mate show", 1, 3, "expected allow or clear-text" },
	{ "failover key *****", 1, 3, "expected none, file, hex, next or a pass phrase of one word" },
	{ "failover key file key", 1, 4, "expected the path of a file, from / on" },
	{ "failover key hex 0123", 1, 4, "expected 64 hexadecimal digits" },
	{ "failover key next secret", 1, 0, "a next key without a key, expected \"failover key ...\" as well" },
	{ "no", 1, 2, "expected failover" },
	{ "failover show", 1, 2, "\"show\"" },
};

static void says_what_is_wrong(void **state)
{
	struct fo_config c;
	struct fo_error e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (!read_text(&c, bad[i].lines, &e))
			fail_msg("accepted: %s", bad[i].lines);
		if (e.line != bad[i].line || e.word != bad[i].word ||
		    !strstr(e.text, bad[i].text))
			fail_msg("%s: line %d word %u: %s", bad[i].lines,
				 e.line, e.word, e.text);
		config_free(&c);
	}
}

/* Nothing that stands behind "failover key" comes into a message, or the log. */
static void keeps_a_mistyped_key(void **state)
{
	static const char *const lines[] = {
		"failover key hex SECRET", "failover key hexx SECRET",
		"failover key file SECRET", "failover key SECRET SECRET",
		"failover key next hex SECRET", "failover key next x SECRET",
		"no failover key SECRET", "no failover key hex SECRET",
	};
	char *argv[] = { "failover", "key", "hex", "SECRET" };
	struct fo_config c;
	struct fo_words w;
	struct fo_match m;
	struct fo_error e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_int_equal(read_text(&c, lines[i], &e), -1);
		assert_non_null(strstr(e.text, "expected "));
		if (strstr(e.text, "SECRET"))
			fail_msg("%s: %s", lines[i], e.text);
		config_free(&c);
	}
	assert_int_equal(grammar_argv(&w, 4, argv, &e), 0);
	assert_int_equal(grammar_match_shell(&m, &w, &e), -1);
	assert_null(strstr(e.text, "SECRET"));
}

#define HEX	"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

/* As help says: "no" and the line, with what stands in it or without. */
static void no_takes_keys_back(void **state)
{
	static const struct {
		const char *lines;
		uint32_t mode;
		bool key, next;
	} t[] = {
		{ "failover key file /a\nno failover key file /a",
		  NF_FAILOVER_KEY_MODE_UNSET, false, false },
		{ "failover key file /a\nno failover key",
		  NF_FAILOVER_KEY_MODE_UNSET, false, false },
		{ "failover key hex " HEX "\nno failover key hex " HEX,
		  NF_FAILOVER_KEY_MODE_UNSET, false, false },
		{ "failover key none\nno failover key none",
		  NF_FAILOVER_KEY_MODE_UNSET, false, false },
		/* another key than none stays */
		{ "failover key file /a\nno failover key none",
		  NF_FAILOVER_KEY_MODE_SECRET, true, false },
		{ "failover key file /a\nfailover key next file /b\n"
		  "no failover key next file /b",
		  NF_FAILOVER_KEY_MODE_SECRET, true, false },
		{ "failover key file /a\nfailover key next hex " HEX "\n"
		  "no failover key next hex " HEX,
		  NF_FAILOVER_KEY_MODE_SECRET, true, false },
		{ "failover key file /a\nfailover key next file /b\n"
		  "no failover key next",
		  NF_FAILOVER_KEY_MODE_SECRET, true, false },
		{ "failover key file /a\nfailover key next file /b",
		  NF_FAILOVER_KEY_MODE_SECRET, true, true },
	};
	struct fo_config c;
	struct fo_error e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		if (read_text(&c, t[i].lines, &e))
			fail_msg("%s: %s", t[i].lines, e.text);
		if (c.key_mode != t[i].mode ||
		    !c.key[0].kind == t[i].key || !c.key[1].kind == t[i].next)
			fail_msg("%s: mode %u", t[i].lines, c.key_mode);
		config_free(&c);
	}
}

/* Either line of one link says so, and its ends may be in two networks. */
static void goes_through_routers(void **state)
{
	static const char lines[] =
		"failover lan unit primary\n"
		"failover lan interface F eth3 transport udp\n"
		"failover link S eth4 transport udp port 9999\n"
		"failover interface ip F 10.1.0.1/24 standby 10.2.0.1\n"
		"failover interface ip S fd00:1::1/64 standby fd00:2::1\n";
	struct fo_config c, again;
	struct fo_error e;
	char *text;
	size_t len;
	FILE *f;

	(void)state;
	assert_int_equal(read_text(&c, lines, &e), 0);
	assert_int_equal(c.link[0].transport, NF_FAILOVER_TRANSPORT_UDP);
	assert_int_equal(c.link[0].port, 7789);
	assert_int_equal(c.link[1].port, 9999);
	f = open_memstream(&text, &len);
	config_print(f, &c);
	fclose(f);
	assert_non_null(strstr(text, "failover lan interface F eth3 transport udp port 7789\n"));
	assert_non_null(strstr(text, "failover link S eth4 transport udp port 9999\n"));
	assert_int_equal(read_text(&again, text, &e), 0);
	assert_true(config_equal(&c, &again));
	free(text);
	config_free(&c);
	config_free(&again);
	assert_int_equal(read_text(&c, BASE
		"failover link FAIL-LINK eth3 transport udp\n"
		"failover interface ip FAIL-LINK 10.1.0.1/24 standby 10.2.0.1\n",
		&e), 0);
	assert_string_equal(c.link[1].name, "");
	assert_int_equal(c.link[0].transport, NF_FAILOVER_TRANSPORT_UDP);
	config_free(&c);
	/* the control: frames do not pass a router */
	assert_int_equal(read_text(&c, BASE
		"failover interface ip FAIL-LINK 10.1.0.1/24 standby 10.2.0.1\n",
		&e), -1);
	config_free(&c);
}

static void rates(void **state)
{
	static const struct {
		const char *line;
		unsigned int kbit;
		const char *printed;
	} cases[] = {
		{ "failover replication rate 64", 64, "64 kbit" },
		{ "failover replication rate 1500 kbit", 1500, "1500 kbit" },
		{ "failover replication rate 2000 kbit", 2000, "2 mbit" },
		{ "failover replication rate 1500 mbit", 1500000, "1500 mbit" },
		{ "failover replication rate 100 gbit", 100000000, "100 gbit" },
		{ "no failover replication rate 7 mbit", 0, NULL },
	};
	struct fo_config c;
	struct fo_error e;
	char text[4096];
	const char *at;
	size_t i;
	FILE *f;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(read_text(&c, cases[i].line, &e), 0);
		assert_int_equal(c.rate, cases[i].kbit);
		f = fmemopen(text, sizeof(text), "w");
		config_print(f, &c);
		fclose(f);
		at = strstr(text, "failover replication rate ");
		assert_int_equal(!at, !cases[i].printed);
		if (at)
			assert_memory_equal(at + 26, cases[i].printed,
					    strlen(cases[i].printed));
		config_free(&c);
	}
}

static void no_takes_back(void **state)
{
	struct fo_config c, none;
	struct fo_error e;

	(void)state;
	config_init(&none);
	assert_int_equal(read_text(&c, BASE
		"failover link S eth4\n"
		"failover interface ip S 10.9.0.1/30 standby 10.9.0.2\n"
		"failover interface ip FAIL-LINK 10.8.0.1/30 standby 10.8.0.2\n"
		"failover polltime 3\n"
		"no failover replication connections\n"
		"failover replication tcp from syn-sent\n"
		"failover replication datagram from new\n"
		"failover replication rate 10 mbit\n"
		"failover ethertype 0x9000\n"
		"interface eth0 nameif a\n ip address 10.0.0.1/24\n"
		"interface eth1 nameif b\n"
		"failover mac address a 0200.0000.0001 0200.0000.0002\n"
		"failover mac address auto 7\n"
		"no failover mac address auto\n"
		"no failover mac address eth0\n"
		"interface eth1 no nameif\n"
		"no interface eth0\n"
		"no failover ethertype 0x9000\n"
		"no failover replication datagram\n"
		"no failover replication rate\n"
		"no failover replication tcp from syn-sent\n"
		"failover replication connections\n"
		"no failover polltime\n"
		"no failover interface ip FAIL-LINK\n"
		"no failover link S eth4\n"
		"no failover lan interface\n"
		"no failover lan unit\n"
		"no failover preempt\n"
		"no failover\n", &e), 0);
	assert_true(config_equal(&c, &none));
	config_free(&c);
}

/* At the shell: argv, "failover no LINE", and words counted from argv[0]. */
static void speaks_shell(void **state)
{
	static char *argv[][8] = {
		{ "failover", "no", "lan", "unit", "primary" },
		{ "failover", "no", "failover", "lan", "unit", "primary" },
		{ "failover", "interface", "eth0", "no", "nameif" },
		{ "failover", "no", "interface", "eth0", "nameif" },
		{ "failover", "no", "active" },
	};
	struct fo_words w;
	struct fo_match m;
	struct fo_error e;
	size_t i;
	int argc;

	(void)state;
	for (i = 0; i < sizeof(argv) / sizeof(argv[0]); i++) {
		for (argc = 0; argv[i][argc]; argc++)
			;
		assert_int_equal(grammar_argv(&w, argc, argv[i], &e), 0);
		if (grammar_match_shell(&m, &w, &e))
			fail_msg("%zu: word %u %s", i, e.word, e.text);
		assert_true(m.no);
	}
	assert_int_equal(m.rule->verb, FO_VERB_ACTIVE);
	argv[0][4] = "foo";
	assert_int_equal(grammar_argv(&w, 5, argv[0], &e), 0);
	assert_int_equal(grammar_match_shell(&m, &w, &e), -1);
	assert_int_equal(e.word, 5);
}

static char *completion(const char *line)
{
	struct fo_words w;
	struct fo_error e;
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_int_equal(grammar_split(&w, line, &e), 0);
	grammar_complete(f, &w);
	fclose(f);
	return text;
}

static void completes(void **state)
{
	static const char *const t[][2] = {
		{ "failover lan unit", "primary\nsecondary\n" },
		{ "failover lan interface L", "DEV\n" },
		{ "failover check", "config\nlink\n" },
		{ "failover check link", "NAME\ncount\n" },
		{ "failover replication rate 5", "kbit\nmbit\ngbit\n" },
		{ "failover link L eth4", "transport\n" },
		{ "failover link L eth4 transport", "udp\n" },
		{ "failover lan unit primary", "" },
		{ "failover replication tcp", "from\n" },
	};
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		text = completion(t[i][0]);
		assert_string_equal(text, t[i][1]);
		free(text);
	}
}

/* Each pattern names only types that exist; each word of it is bounded. */
static void the_table_is_sound(void **state)
{
	const struct fo_rule *r = grammar_rules;
	const char *p;

	(void)state;
	for (; r < grammar_rules + grammar_n_rules; r++) {
		p = r->set ? r->set : r->no;
		assert_non_null(p);
		assert_true(r->place != FO_SHELL || r->verb);
		assert_false(r->apply && r->later);
		assert_true(strlen(p) < (r->place == FO_SUB ? 100 : 160));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exec_and_timeout),
		cmocka_unit_test(tracks),
		cmocka_unit_test(accepts_the_seeds),
		cmocka_unit_test(accepts_one_link_for_both),
		cmocka_unit_test(further_links),
		cmocka_unit_test(holdtime_follows_polltime),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(keeps_a_mistyped_key),
		cmocka_unit_test(no_takes_keys_back),
		cmocka_unit_test(goes_through_routers),
		cmocka_unit_test(rates),
		cmocka_unit_test(no_takes_back),
		cmocka_unit_test(speaks_shell),
		cmocka_unit_test(completes),
		cmocka_unit_test(the_table_is_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
