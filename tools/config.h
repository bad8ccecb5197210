/* SPDX-License-Identifier: GPL-2.0 */
/* The configuration of a unit in memory. Pure. */
#ifndef FAILOVER_CONFIG_H
#define FAILOVER_CONFIG_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <linux/nf_failover.h>

#include "addr.h"
#include "filter.h"
#include "mac.h"

#define CONFIG_ADDRS_MAX	8
#define CONFIG_LINKS		NF_FAILOVER_LINKS_MAX
#define CONFIG_ERROR_MAX	512

#define CONFIG_POLL_MIN		10
#define CONFIG_POLL_MAX		15000
#define CONFIG_HOLD_MIN		30
#define CONFIG_HOLD_MAX		45000
#define CONFIG_POLL_DEFAULT	200
#define CONFIG_HOLD_DEFAULT	800
#define CONFIG_ETHERTYPE	0x88b5
#define CONFIG_UDP_PORT		7789
#define CONFIG_DELAY_MAX	1200	/* of preemption, in seconds */
#define CONFIG_TAKEOVERS_MAX	16
#define CONFIG_TAKEOVERS	3
#define CONFIG_HELD_MAX		3600	/* hold-down, in seconds */
#define CONFIG_HELD		60
#define CONFIG_IFC_POLL_MIN	100
#define CONFIG_IFC_POLL_MAX	15000
#define CONFIG_IFC_HOLD_MIN	500
#define CONFIG_IFC_POLL_DEFAULT	5000
#define CONFIG_IFC_HOLD_DEFAULT	5000	/* or five polls, if that is more */
#define CONFIG_IFC_HOLD_MAX	75000
#define CONFIG_IFC_POLICY	1
#define CONFIG_IFCS_MAX		1025
#define CONFIG_WEIGHT_MAX	255	/* of an interface, for the policy */
#define CONFIG_EXECS		NF_FAILOVER_EXECS_MAX
#define CONFIG_TRACKS		NF_FAILOVER_TRACKS_MAX
#define CONFIG_TRACK_NAME	16
#define CONFIG_SETS		NF_FAILOVER_NFT_SETS_MAX
#define CONFIG_SET_TEXT		80
#define CONFIG_ROUTES		NF_FAILOVER_ROUTES_MAX
#define CONFIG_ROUTE_TEXT	32
#define CONFIG_ROUTE_TIMEOUT	70	/* seconds, as on the ASA */
#define CONFIG_ROUTE_TIMEOUT_MIN 10
#define CONFIG_FILTERS		NF_FAILOVER_FILTERS_MAX
#define CONFIG_HTTP_PORTS	NF_FAILOVER_HTTP_PORTS_MAX
#define CONFIG_HTTP_PORT	80
#define CONFIG_TOLD_AFTER_MAX	3600	/* seconds */
#define CONFIG_FOREVER		UINT32_MAX
#define CONFIG_HOURS_MAX	1193	/* of the reconnect timeout */

/* The key in use, and the one that is to replace it. */
#define CONFIG_KEYS		2
#define CONFIG_KEY_TEXT_MAX	256

/* What is wrong, and where: line 0 and word 0 mean "not known". */
struct fo_error {
	int		line;
	unsigned int	word;
	char		text[CONFIG_ERROR_MAX];
};

/*
 * A failover or state link; @transport is an enum nf_failover_transport, @port
 * is of UDP, @status and what follows come from the kernel.
 */
struct fo_link {
	char		name[NF_FAILOVER_NAME_MAX];
	char		ifname[IF_NAMESIZE];
	uint32_t	transport;
	uint16_t	port;
	int		line;
	uint32_t	status;
	char		mismatch[NF_FAILOVER_REASON_MAX];
	char		warning[NF_FAILOVER_REASON_MAX];
	uint32_t	mtu;
	uint32_t	headers;
	uint32_t	frame_age;
};

/* What is wrong with the replication of IPsec. */
#define CONFIG_IPSEC_WHY	192

/* And of contexts of GTP. */
#define CONFIG_GTP_WHY		192

/* The age of a frame that never came. */
#define CONFIG_NO_FRAME	UINT32_MAX

/* Of a bulk sync, in kbit/s. */
#define CONFIG_RATE_MIN	64
#define CONFIG_RATE_MAX	100000000
#define CONFIG_ACCT_MIN	5	/* seconds */
#define CONFIG_ACCT_MAX	3600

enum fo_key_kind {
	KEY_NONE,	/* there is no such key */
	KEY_FILE,	/* @text is the path */
	KEY_HEX,	/* @text is the key */
	KEY_PHRASE,	/* @text is a pass phrase */
	KEY_KEPT,	/* the kernel has it, and does not give it out */
};

/* @fingerprint is from the kernel, @secret from key_load(). */
struct fo_key {
	enum fo_key_kind kind;
	char		text[CONFIG_KEY_TEXT_MAX];
	uint64_t	fingerprint;
	bool		loaded;
	unsigned char	secret[NF_FAILOVER_KEY_LEN];
	int		line;
};

/* Addresses are kept by the name of the link: they may be written first. */
struct fo_link_ip {
	char		name[NF_FAILOVER_NAME_MAX];
	unsigned int	n_addrs;
	struct fo_addr	addr[CONFIG_ADDRS_MAX];
	int		line;
};

/*
 * From @status on all is found out, not configured. @cause: of the status;
 * @since: when, in nanoseconds since 1970; @note: for the history, once.
 * @ifindex: of its device when that was looked at; 0: there was none.
 * @mate_word: number of the report from which @mate_status is; 0: the mate has no
 * daemon, and what one said before is not known to be so.
 */
struct fo_ifc {
	char		ifname[IF_NAMESIZE];
	char		nameif[NF_FAILOVER_NAME_MAX];
	bool		monitored;
	uint32_t	weight;
	unsigned int	n_addrs;
	struct fo_addr	addr[CONFIG_ADDRS_MAX];
	struct fo_macs	mac;
	int		line;
	int		mac_line;
	uint32_t	status;
	uint32_t	answer;
	unsigned char	mate_mac[MAC_BYTES];
	uint32_t	mate_status;
	uint32_t	mate_word;
	char		cause[NF_FAILOVER_REASON_MAX];
	char		note[NF_FAILOVER_REASON_MAX];
	uint64_t	since;
	int		ifindex;
};

/* A command that the other unit may have run here: path and arguments. */
struct fo_exec_line {
	char		name[NF_FAILOVER_NAME_MAX];
	char		command[NF_FAILOVER_PATH_MAX];
};

/*
 * An object that counts as interfaces do: @what is the rest of its line, without
 * the weight (track_spec.h). From @status on as of an interface.
 */
struct fo_track {
	char		name[CONFIG_TRACK_NAME];
	char		what[NF_FAILOVER_PATH_MAX];
	uint32_t	weight;
	int		line;
	bool		fresh;		/* by a line, not from the kernel */
	uint32_t	status;
	uint32_t	mate_status;
	char		cause[NF_FAILOVER_REASON_MAX];
	char		note[NF_FAILOVER_REASON_MAX];
	uint64_t	since;
};

/**
 * struct fo_config - the whole configuration
 * @rate: most of a bulk sync, in kbit/s; 0: no limit
 * @preempt_delay: in seconds, as @held_time
 * @held_takeovers: more within @held_time hold preemption down; 0: never
 * @link: by enum nf_failover_link_kind; an empty name means there is none. No
 *	state link means that the failover link carries the state, too.
 * @link_ip: addresses of the links; a slot with an empty name is free
 * @mac_auto: number of the pair, from which MACs are derived; 0: they are not
 * @ifc_poll_ms: between hellos on interfaces; 0: these are not tested
 * @ifc_hold_ms: without hellos until an interface has failed, if it does
 * @ifc_policy: so many failed interfaces are too many
 * @ifc_policy_percent: or such a part of them
 * @http: HTTP is replicated
 * @http_port: what HTTP is
 * @filter: rules that say which connections are replicated, in their order
 * @told_after: seconds that a connection has to live until it is replicated
 * @exec: commands besides those of failover; @exec_clear: also over a link in
 *	clear text
 * @track: what is tracked, in the order of the configuration
 * @reconnect: the reconnect timeout in seconds, or CONFIG_FOREVER
 * @wait_disable: kept, and without effect
 * @ipsec_why: what of IPsec is not replicated, and why; found out
 * @gtp: PDP contexts are; @gtp_contexts: so many are in the kernel, @gtp_why: what
 *	is wrong with some; both are found out
 * @ifc: the interfaces in the order of the configuration; grows
 * @key_mode: enum nf_failover_key_mode
 * @reveal: keys are printed as they were given
 */
/* A set of nftables that is replicated, "FAMILY TABLE SET"; @why: why it is not. */
struct fo_set {
	char		what[CONFIG_SET_TEXT];
	char		why[CONFIG_SET_TEXT];
};

/*
 * Routes that are replicated, "PROTOCOL [table TABLE]"; @routes: how many there are,
 * @why: what is wrong with some. Both are found out by routes_look().
 */
struct fo_route {
	char		what[CONFIG_ROUTE_TEXT];
	unsigned int	routes;
	char		why[NF_FAILOVER_REASON_MAX];
};

struct fo_config {
	bool			enabled;
	uint32_t		unit;
	uint32_t		poll_ms;
	uint32_t		hold_ms;
	uint16_t		ethertype;
	uint32_t		tcp_from;
	uint32_t		datagram_from;
	bool			replication;
	bool			neighbours;
	bool			objects;
	uint32_t		accounting;	/* seconds; 0: no */
	uint8_t			ipsec;	/* enum nf_failover_ipsec */
	char			ipsec_why[CONFIG_IPSEC_WHY];
	bool			gtp;
	unsigned int		gtp_contexts;
	char			gtp_why[CONFIG_GTP_WHY];
	bool			expectations;
	uint32_t		rate;
	bool			preempt;
	uint32_t		preempt_delay;
	uint32_t		held_takeovers;
	uint32_t		held_time;
	uint16_t		mac_auto;
	uint32_t		ifc_poll_ms;
	uint32_t		ifc_hold_ms;
	uint32_t		ifc_policy;
	uint32_t		ifc_policy_percent;
	bool			http;
	unsigned int		n_http_ports;
	uint16_t		http_port[CONFIG_HTTP_PORTS];
	unsigned int		n_filters;
	struct fo_filter	filter[CONFIG_FILTERS];
	uint32_t		told_after;
	uint32_t		reconnect;
	bool			wait_disable;
	bool			exec_clear;
	unsigned int		n_execs;
	struct fo_exec_line	exec[CONFIG_EXECS];
	unsigned int		n_tracks;
	struct fo_track		track[CONFIG_TRACKS];
	unsigned int		n_sets;
	struct fo_set		set[CONFIG_SETS];
	unsigned int		n_routes;
	struct fo_route		route[CONFIG_ROUTES];
	uint32_t		route_timeout;	/* seconds, or CONFIG_FOREVER */
	uint32_t		key_mode;
	struct fo_key		key[CONFIG_KEYS];
	bool			reveal;
	int			enabled_line;
	int			timers_line;
	int			mac_line;
	struct fo_link		link[CONFIG_LINKS];
	struct fo_link_ip	link_ip[CONFIG_LINKS];
	struct fo_ifc		*ifc;
	unsigned int		n_ifcs;
};

/* config.c */
void config_init(struct fo_config *c);
void config_free(struct fo_config *c);
bool config_equal(const struct fo_config *a, const struct fo_config *b);
struct fo_ifc *config_ifc(const struct fo_config *c, const char *ifname);
struct fo_ifc *config_ifc_add(struct fo_config *c, const char *ifname);
void config_ifc_del(struct fo_config *c, const char *ifname);
struct fo_ifc *config_nameif(const struct fo_config *c, const char *nameif);
const struct fo_exec_line *config_exec(const struct fo_config *c,
				       const char *name);
struct fo_track *config_track(const struct fo_config *c, const char *name);
struct fo_link_ip *config_link_ip(const struct fo_config *c, const char *name);
struct fo_link_ip *config_link_ip_add(struct fo_config *c, const char *name);
const struct fo_link *config_link(const struct fo_config *c, const char *name);
const struct fo_link *config_state_link(const struct fo_config *c);
const struct fo_addr *config_udp_addr(const struct fo_config *c,
				      const struct fo_link *l);
bool config_addr_set(struct fo_addr *list, unsigned int *n,
		     const struct fo_addr *a, bool only);
void config_addr_del(struct fo_addr *list, unsigned int *n, int family,
		     const unsigned char *active);

/* config_check.c */
int config_check(struct fo_config *c, struct fo_error *e);
int error_set(struct fo_error *e, int line, unsigned int word,
	      const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* config_print.c */
void config_print(FILE *f, const struct fo_config *c);
#define CONFIG_TIMEOUT_TEXT	16
/* "1:02:03" or "-1"; returns @text. */
char *config_timeout_text(uint32_t seconds, char *text);

#endif /* FAILOVER_CONFIG_H */
