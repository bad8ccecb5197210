// SPDX-License-Identifier: GPL-2.0
/*
 * Compares the connection tables of two network namespaces, entry by entry:
 * family, protocol and its state, both tuples, status, mark, zone, labels, security
 * context, when it began, shifted sequence numbers, tags of SCTP. What is different by nature
 * (timeouts, use counts, accounting, ids) is not looked
 * at, nor is what is not replicated by default: TCP that was never
 * established, other flows without a reply, connections of the units' own
 * addresses, link-local and multicast.
 *
 * usage: ctdiff NETNS NETNS [OWN-ADDRESS...]	prints the differences
 *        ctdiff -l NETNS [OWN-ADDRESS...]	prints the entries
 *
 * Status: 0 equal and not empty, 1 different, 2 cannot tell.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOWN_MAX	20
#define LINE_MAX_LEN	400

/* The bits of the status that mean the same on both units. */
#define STATUS_MASK	(IPS_EXPECTED | IPS_SEEN_REPLY | IPS_ASSURED | \
			 IPS_SRC_NAT | IPS_DST_NAT | IPS_SRC_NAT_DONE | \
			 IPS_DST_NAT_DONE)

struct table {
	char **line;
	size_t n, room;
};

/* A line that is being written. */
struct line {
	char text[LINE_MAX_LEN];
	size_t len;
	bool unwanted;
};

static char **own;
static int n_own;

static const char *const tcp_states[] = {
	"NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT",
	"CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2",
};

static void cannot(const char *what)
{
	fprintf(stderr, "ctdiff: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void add(struct line *l, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(l->text + l->len, sizeof(l->text) - l->len, fmt, ap);
	va_end(ap);
	if (n > 0)
		l->len += n;
	if (l->len >= sizeof(l->text))
		l->len = sizeof(l->text) - 1;
}

static int store(const struct nlattr *attr, void *data)
{
	const struct nlattr **tb = data;

	if (mnl_attr_get_type(attr) < 32)
		tb[mnl_attr_get_type(attr)] = attr;
	return MNL_CB_OK;
}

static void nested(const struct nlattr *nest, const struct nlattr **tb)
{
	memset(tb, 0, 32 * sizeof(*tb));
	if (nest)
		mnl_attr_parse_nested(nest, store, tb);
}

static bool unwanted_address(const char *text)
{
	int i, first = atoi(text);

	if (!strncmp(text, "fe80:", 5) || !strncmp(text, "ff0", 3))
		return true;
	if (!strchr(text, ':') && first >= 224)
		return true;
	for (i = 0; i < n_own; i++)
		if (!strcmp(own[i], text))
			return true;
	return false;
}

static void add_address(struct line *l, const char *name,
			const struct nlattr *v4, const struct nlattr *v6)
{
	char text[INET6_ADDRSTRLEN] = "?";

	if (v4)
		inet_ntop(AF_INET, mnl_attr_get_payload(v4), text,
			  sizeof(text));
	else if (v6)
		inet_ntop(AF_INET6, mnl_attr_get_payload(v6), text,
			  sizeof(text));
	l->unwanted |= unwanted_address(text);
	add(l, " %s=%s", name, text);
}

static void add_u16(struct line *l, const char *name, const struct nlattr *a)
{
	if (a)
		add(l, " %s=%u", name, ntohs(mnl_attr_get_u16(a)));
}

static void add_u8(struct line *l, const char *name, const struct nlattr *a)
{
	if (a)
		add(l, " %s=%u", name, mnl_attr_get_u8(a));
}

static unsigned int add_tuple(struct line *l, const struct nlattr *nest,
			      bool first)
{
	const struct nlattr *tuple[32], *ip[32], *proto[32];
	unsigned int number;

	nested(nest, tuple);
	nested(tuple[CTA_TUPLE_IP], ip);
	nested(tuple[CTA_TUPLE_PROTO], proto);
	number = proto[CTA_PROTO_NUM] ? mnl_attr_get_u8(proto[CTA_PROTO_NUM]) :
					0;
	if (first)
		add(l, "%s proto=%u", ip[CTA_IP_V4_SRC] ? "ipv4" : "ipv6",
		    number);
	add_address(l, "src", ip[CTA_IP_V4_SRC], ip[CTA_IP_V6_SRC]);
	add_address(l, "dst", ip[CTA_IP_V4_DST], ip[CTA_IP_V6_DST]);
	add_u16(l, "sport", proto[CTA_PROTO_SRC_PORT]);
	add_u16(l, "dport", proto[CTA_PROTO_DST_PORT]);
	add_u8(l, "type", proto[CTA_PROTO_ICMP_TYPE]);
	add_u8(l, "code", proto[CTA_PROTO_ICMP_CODE]);
	add_u16(l, "id", proto[CTA_PROTO_ICMP_ID]);
	add_u8(l, "type", proto[CTA_PROTO_ICMPV6_TYPE]);
	add_u8(l, "code", proto[CTA_PROTO_ICMPV6_CODE]);
	add_u16(l, "id", proto[CTA_PROTO_ICMPV6_ID]);
	return number;
}

/* True when the connection was established at some time. */
static bool add_tcp(struct line *l, const struct nlattr *nest,
		    unsigned int status)
{
	const struct nlattr *info[32], *tcp[32];
	unsigned int state = 0;

	nested(nest, info);
	nested(info[CTA_PROTOINFO_TCP], tcp);
	if (tcp[CTA_PROTOINFO_TCP_STATE])
		state = mnl_attr_get_u8(tcp[CTA_PROTOINFO_TCP_STATE]);
	add(l, " %s", state < 10 ? tcp_states[state] : "?");
	add_u8(l, "wscale", tcp[CTA_PROTOINFO_TCP_WSCALE_ORIGINAL]);
	add_u8(l, "wscale", tcp[CTA_PROTOINFO_TCP_WSCALE_REPLY]);
	if (state == TCP_CONNTRACK_CLOSE)
		return status & IPS_ASSURED;
	return state >= TCP_CONNTRACK_ESTABLISHED &&
	       state <= TCP_CONNTRACK_TIME_WAIT;
}

static void add_status(struct line *l, unsigned int status)
{
	static const struct {
		unsigned int bit;
		const char *name;
	} names[] = {
		{ IPS_SEEN_REPLY, "SEEN_REPLY" }, { IPS_ASSURED, "ASSURED" },
		{ IPS_SRC_NAT, "SNAT" }, { IPS_DST_NAT, "DNAT" },
	};
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (status & names[i].bit)
			add(l, " [%s]", names[i].name);
	add(l, " status=0x%x", status & STATUS_MASK);
}

static void add_bytes(struct line *l, const char *name, const struct nlattr *a)
{
	const unsigned char *p = a ? mnl_attr_get_payload(a) : NULL;
	size_t i;

	if (!a)
		return;
	add(l, " %s=", name);
	for (i = 0; i < mnl_attr_get_payload_len(a); i++)
		add(l, "%02x", p[i]);
}

static void add_seqadj(struct line *l, const struct nlattr *nest)
{
	const struct nlattr *seq[32];
	int i;

	nested(nest, seq);
	for (i = CTA_SEQADJ_CORRECTION_POS; i <= CTA_SEQADJ_OFFSET_AFTER; i++)
		if (seq[i])
			add(l, "%s%d", i > CTA_SEQADJ_CORRECTION_POS ? "," :
			    " seqadj=", (int)ntohl(mnl_attr_get_u32(seq[i])));
}

static void add_sctp(struct line *l, const struct nlattr *nest)
{
	const struct nlattr *info[32], *sctp[32];

	nested(nest, info);
	nested(info[CTA_PROTOINFO_SCTP], sctp);
	add_u8(l, "state", sctp[CTA_PROTOINFO_SCTP_STATE]);
	add_bytes(l, "vtag", sctp[CTA_PROTOINFO_SCTP_VTAG_ORIGINAL]);
	add_bytes(l, "vtag", sctp[CTA_PROTOINFO_SCTP_VTAG_REPLY]);
}

static void add_rare(struct line *l, const struct nlattr **ct)
{
	const struct nlattr *stamp[32], *context[32];

	add_bytes(l, "labels", ct[CTA_LABELS]);
	nested(ct[CTA_SECCTX], context);
	if (context[CTA_SECCTX_NAME])
		add(l, " secctx=%s", mnl_attr_get_str(context[CTA_SECCTX_NAME]));
	nested(ct[CTA_TIMESTAMP], stamp);
	add_bytes(l, "start", stamp[CTA_TIMESTAMP_START]);
	add_seqadj(l, ct[CTA_SEQ_ADJ_ORIG]);
	add_seqadj(l, ct[CTA_SEQ_ADJ_REPLY]);
}

static void write_entry(struct line *l, const struct nlattr **ct)
{
	unsigned int status = 0, proto;
	bool wanted;

	if (ct[CTA_STATUS])
		status = ntohl(mnl_attr_get_u32(ct[CTA_STATUS]));
	proto = add_tuple(l, ct[CTA_TUPLE_ORIG], true);
	add_tuple(l, ct[CTA_TUPLE_REPLY], false);
	if (proto == IPPROTO_TCP)
		wanted = add_tcp(l, ct[CTA_PROTOINFO], status);
	else
		wanted = status & IPS_SEEN_REPLY;
	if (proto == IPPROTO_SCTP)
		add_sctp(l, ct[CTA_PROTOINFO]);
	l->unwanted |= !wanted;
	add_status(l, status);
	if (ct[CTA_MARK])
		add(l, " mark=0x%x", ntohl(mnl_attr_get_u32(ct[CTA_MARK])));
	add_u16(l, "zone", ct[CTA_ZONE]);
	add_rare(l, ct);
}

static int entry(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *ct[32] = { NULL };
	struct line l = { .len = 0 };
	struct table *t = data;

	mnl_attr_parse(nlh, sizeof(struct nfgenmsg), store, ct);
	write_entry(&l, ct);
	if (l.unwanted)
		return MNL_CB_OK;
	if (t->n == t->room) {
		t->room = t->room ? 2 * t->room : 1024;
		t->line = realloc(t->line, t->room * sizeof(*t->line));
		if (!t->line)
			cannot("memory");
	}
	t->line[t->n] = strdup(l.text);
	if (!t->line[t->n++])
		cannot("memory");
	return MNL_CB_OK;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void enter(const char *netns)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		cannot(path);
	close(fd);
}

static void dump(const char *netns, struct table *t)
{
	char buf[65536];
	struct mnl_socket *nl;
	struct nlmsghdr *nlh;
	struct nfgenmsg *nfg;
	int n;

	enter(netns);
	nl = mnl_socket_open(NETLINK_NETFILTER);
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		cannot("netlink");
	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = 1;
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->nfgen_family = AF_UNSPEC;
	nfg->version = NFNETLINK_V0;
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		cannot("netlink");
	do {
		n = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (n > 0)
			n = mnl_cb_run(buf, n, 1, mnl_socket_get_portid(nl),
				       entry, t);
	} while (n > 0);
	if (n < 0)
		cannot("dump");
	mnl_socket_close(nl);
	qsort(t->line, t->n, sizeof(*t->line), by_text);
}

static size_t compare(const struct table *a, const struct table *b)
{
	size_t i = 0, k = 0, differ = 0;

	while (i < a->n || k < b->n) {
		int c = i == a->n ? 1 : k == b->n ? -1 :
			strcmp(a->line[i], b->line[k]);

		if (c && differ++ < SHOWN_MAX)
			printf("%c%s\n", c < 0 ? '-' : '+',
			       c < 0 ? a->line[i] : b->line[k]);
		i += c <= 0;
		k += c >= 0;
	}
	return differ;
}

static int usage(void)
{
	fprintf(stderr, "usage: ctdiff NETNS NETNS [OWN-ADDRESS...]\n"
			"       ctdiff -l NETNS [OWN-ADDRESS...]\n");
	return 2;
}

int main(int argc, char **argv)
{
	struct table a = { .n = 0 }, b = { .n = 0 };
	size_t i, differ;

	if (argc < 3)
		return usage();
	own = argv + 3;
	n_own = argc - 3;
	if (!strcmp(argv[1], "-l")) {
		dump(argv[2], &a);
		for (i = 0; i < a.n; i++)
			puts(a.line[i]);
		return 0;
	}
	dump(argv[1], &a);
	dump(argv[2], &b);
	/* Two empty tables are equal and show nothing. */
	if (!a.n) {
		fprintf(stderr, "ctdiff: %s has no such entries\n", argv[1]);
		return 2;
	}
	differ = compare(&a, &b);
	if (!differ)
		return 0;
	printf("%zu in %s, %zu in %s, %zu lines differ\n", a.n, argv[1], b.n,
	       argv[2], differ);
	return 1;
}
