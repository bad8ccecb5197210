// SPDX-License-Identifier: GPL-2.0
/* The types of words in the command language. Pure. */
#include "grammar.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Letters, digits and what names of links and devices have besides. */
static bool is_word(const char *w, size_t max)
{
	size_t n = 0;

	while (isalnum((unsigned char)w[n]) || (w[n] && strchr("_-.:@+", w[n])))
		n++;
	return n && n < max && !w[n];
}

static bool is_name(const char *w)
{
	return is_word(w, NF_FAILOVER_NAME_MAX);
}

static bool is_track(const char *w)
{
	return is_word(w, CONFIG_TRACK_NAME);
}

/* Names of processes have other characters as well; the rest is looked at. */
static bool is_program(const char *w)
{
	return *w && strlen(w) < 64 && strcmp(w, ".") && strcmp(w, "..");
}

/* "interface ip NAME" is a line of its own, so a device cannot be "ip". */
static bool is_dev(const char *w)
{
	return is_word(w, IF_NAMESIZE) && strcmp(w, "ip") &&
	       strcmp(w, ".") && strcmp(w, "..");
}

static bool is_addr4(const char *w)
{
	unsigned char a[ADDR_BYTES_MAX];

	return addr_parse(AF_INET, w, a);
}

static bool is_addr6(const char *w)
{
	unsigned char a[ADDR_BYTES_MAX];

	return addr_parse(AF_INET6, w, a);
}

static bool is_prefix4(const char *w)
{
	unsigned char a[ADDR_BYTES_MAX];
	unsigned int n;

	return addr_parse_prefix(AF_INET, w, a, &n);
}

static bool is_prefix6(const char *w)
{
	unsigned char a[ADDR_BYTES_MAX];
	unsigned int n;

	return addr_parse_prefix(AF_INET6, w, a, &n);
}

static bool is_mask(const char *w)
{
	unsigned int n;

	return addr_parse_mask(w, &n);
}

static bool is_number(const char *w)
{
	size_t n = strlen(w);

	return n && n < 9 && strspn(w, "0123456789") == n;
}

/* "N" or "N%"; not "0". */
static bool is_weight(const char *w)
{
	size_t n = strspn(w, "0123456789");

	return n && n < 4 && !w[n] && atoi(w) > 0 &&
	       atoi(w) <= CONFIG_WEIGHT_MAX;
}

static bool is_policy(const char *w)
{
	size_t n = strspn(w, "0123456789");
	bool percent = w[n] == '%';

	return n && n < 5 && !w[n + percent] && atoi(w) > 0 &&
	       atoi(w) <= (percent ? 100 : CONFIG_IFCS_MAX);
}

static bool is_ethertype(const char *w)
{
	char *end;
	unsigned long v = strtoul(w, &end, 0);

	return isdigit((unsigned char)*w) && !*end && v >= 0x600 &&
	       v <= 0xffff;
}

static bool is_mac(const char *w)
{
	unsigned char mac[MAC_BYTES];

	return mac_parse(w, mac);
}

static bool is_16_bits(const char *w)
{
	return is_number(w) && atoi(w) > 0 && atoi(w) <= 0xffff;
}

static bool is_count(const char *w)
{
	return is_number(w) && atoi(w) > 0 && atoi(w) <= 1000;
}

static bool is_file(const char *w)
{
	return *w;
}

static bool is_path(const char *w)
{
	return *w == '/' && strlen(w) < NF_FAILOVER_PATH_MAX;
}

/* The ranges are looked at where it is set. */
static bool is_timeout(const char *w)
{
	return !strcmp(w, "-1") ||
	       (strspn(w, "0123456789:") == strlen(w) && strlen(w) < 11 &&
		isdigit((unsigned char)*w));
}

static bool is_hex_key(const char *w)
{
	return strlen(w) == 2 * NF_FAILOVER_KEY_LEN &&
	       strspn(w, "0123456789abcdefABCDEF") == strlen(w);
}

/* The words of the language cannot be one, nor what is shown instead. */
static bool is_phrase(const char *w)
{
	return *w && strlen(w) < CONFIG_KEY_TEXT_MAX &&
	       strspn(w, "*") < strlen(w) && strcmp(w, "none") &&
	       strcmp(w, "file") && strcmp(w, "hex") && strcmp(w, "next");
}

static bool is_space(const char *w)
{
	return *w && strlen(w) <= NF_FAILOVER_OBJECT_SPACE_LEN &&
	       strspn(w, "abcdefghijklmnopqrstuvwxyz"
		      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == strlen(w);
}

static bool is_lifetime(const char *w)
{
	return *w && strspn(w, "0123456789") == strlen(w) && strlen(w) < 11 &&
	       strtoull(w, NULL, 10) && strtoull(w, NULL, 10) <= UINT32_MAX;
}

static bool is_protocol(const char *w)
{
	return filter_set_protocol(&(struct fo_filter){}, w);
}

static bool is_ports(const char *w)
{
	return filter_set_ports(&(struct fo_filter){}, w);
}

static bool is_prefix(const char *w)
{
	return filter_set_address(&(struct fo_filter){}, w);
}

static bool is_zone(const char *w)
{
	return filter_set_zone(&(struct fo_filter){}, w);
}

static bool is_mark(const char *w)
{
	return filter_set_mark(&(struct fo_filter){}, w);
}

/* What it means is looked at where it is used; it may be empty. */
static bool is_any(const char *w)
{
	(void)w;
	return true;
}

const struct fo_type grammar_types[] = {
	{ "NAME", is_name, "a name of at most 31 characters" },
	{ "DEV", is_dev, "a network device" },
	{ "ADDR", is_addr4, "an IPv4 address" },
	{ "MASK", is_mask, "a netmask" },
	{ "ADDR/LEN", is_prefix4, "an IPv4 address/prefix length" },
	{ "ADDR6", is_addr6, "an IPv6 address" },
	{ "ADDR6/LEN", is_prefix6, "an IPv6 address/prefix length" },
	{ "POLL", is_number, "a number" },
	{ "HOLD", is_number, "a number" },
	{ "DELAY", is_number, "a number" },
	{ "TAKEOVERS", is_number, "a number" },
	{ "SECONDS", is_number, "a number" },
	{ "TYPE", is_ethertype, "an EtherType, 0x600 to 0xffff" },
	{ "HH:MM:SS", is_timeout, "hours:minutes:seconds, or -1" },
	{ "MAC", is_mac, "a MAC, xx:xx:xx:xx:xx:xx or xxxx.xxxx.xxxx" },
	{ "RATE", is_number, "a number" },
	{ "COUNT", is_count, "how many, 1 to 1000" },
	{ "WEIGHT", is_weight, "how many interfaces it counts for, 1 to 255" },
	{ "PAIR", is_16_bits, "the number of the pair, 1 to 65535" },
	{ "PORT", is_16_bits, "a UDP port, 1 to 65535" },
	{ "TCPPORT", is_16_bits, "a TCP port, 1 to 65535" },
	{ "PROTOCOL", is_protocol, "tcp, udp, icmp or another protocol, or its number" },
	{ "PORTS", is_ports, "a port, or FROM-TO" },
	{ "PREFIX", is_prefix, "an IPv4 or IPv6 address, or address/prefix length" },
	{ "ZONE", is_zone, "a zone, 0 to 65535" },
	{ "MARK", is_mark, "a mark, or MARK/MASK" },
	{ "FILE", is_file, "a file" },
	{ "PATH", is_path, "the path of a file, from / on" },
	{ "SOCKET", is_path, "the path of a socket, from / on" },
	{ "HEX", is_hex_key, "64 hexadecimal digits" },
	{ "PHRASE", is_phrase, "a pass phrase of one word" },
	{ "TRACK", is_track, "a name of at most 15 characters" },
	{ "PROGRAM", is_program, "the name of a program, or its path" },
	{ "PROCESSES", is_number, "a number" },
	{ "VALUE", is_number, "a number" },
	{ "TEXT", is_file, "a text of one word" },
	{ "PROTOCOL", is_number, "a number" },
	{ "TABLE", is_number, "a number" },
	{ "INTERVAL", is_number, "a number" },
	{ "TIMEOUT", is_number, "a number" },
	{ "RISE", is_number, "a number" },
	{ "FALL", is_number, "a number" },
	{ "SPACE", is_space,
	  "a space: 1 to 15 letters, digits, dots, hyphens, underscores" },
	{ "LIFETIME", is_lifetime, "seconds, 1 to 4294967295" },
	{ "KEY", is_any, "a key" },
	{ "BYTES", is_any, "a value, hex:DIGITS, @FILE or -" },
	{ "POLICY", is_policy,
	  "a number of interfaces, 1 to 1025, or a part of them, 1% to 100%" },
};

const unsigned int grammar_n_types = sizeof(grammar_types) /
				      sizeof(grammar_types[0]);
