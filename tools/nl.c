// SPDX-License-Identifier: GPL-2.0
/* Requests to the netlink family nf-failover, and its events. */
#include "nl.h"

#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "nl_attr.h"

#define TIMEOUT_S	2
/* Bursts of events while the daemon is kept waiting. */
#define EVENT_RCVBUF	(1 << 20)
/* More than a message with an object has. */
#define OBJECT_MAX	4096
/* The group in which the kernel tells of families; it is the first one. */
#define CTRL_GROUP	GENL_ID_CTRL

typedef int (*reply_t)(const struct nlmsghdr *nlh, void *data);

static int fail(struct fo_nl *nl, int err, const char *text)
{
	snprintf(nl->error, sizeof(nl->error), "%s",
		 text && *text ? text : strerror(-err));
	return err;
}

/* The words of the kernel in an acknowledgment, or NULL. */
static const char *ack_text(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	size_t skip = sizeof(*err);
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(err->msg.nlmsg_len - sizeof(err->msg));
	if (mnl_nlmsg_get_payload_len(nlh) < skip)
		return NULL;
	mnl_attr_for_each(attr, nlh, skip)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			return mnl_attr_get_str(attr);
	return NULL;
}

/* Returns 1 when the answer is complete, 0 when more follows, or -errno. */
static int take_msg(struct fo_nl *nl, const struct nlmsghdr *nlh,
		    reply_t reply, void *data)
{
	const struct nlmsgerr *ack;
	int err;

	if (nlh->nlmsg_seq != nl->seq)
		return 0;
	if (nlh->nlmsg_type == NLMSG_ERROR) {
		if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*ack))
			return fail(nl, -EBADMSG, NULL);
		ack = mnl_nlmsg_get_payload(nlh);
		return ack->error ? fail(nl, ack->error, ack_text(nlh)) : 1;
	}
	/* the end of a dump */
	if (nlh->nlmsg_type == NLMSG_DONE)
		return 1;
	if (nlh->nlmsg_type < NLMSG_MIN_TYPE || !reply)
		return 0;
	err = reply(nlh, data);
	return err ? fail(nl, err, err == -EBADMSG ?
			  "the kernel module speaks another version" : NULL) :
		     0;
}

static int receive(struct fo_nl *nl, reply_t reply, void *data)
{
	const struct nlmsghdr *nlh;
	ssize_t got;
	int len, ret = 0;

	while (!ret) {
		got = mnl_socket_recvfrom(nl->sk, nl->buf, NL_MSG_MAX);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(nl, -errno, errno == EAGAIN ?
				    "the kernel does not answer" : NULL);
		len = got;
		for (nlh = (void *)nl->buf; !ret && mnl_nlmsg_ok(nlh, len);
		     nlh = mnl_nlmsg_next(nlh, &len))
			ret = take_msg(nl, nlh, reply, data);
	}
	return ret < 0 ? ret : 0;
}

static int talk(struct fo_nl *nl, struct nlmsghdr *nlh, reply_t reply,
		void *data)
{
	if (mnl_socket_sendto(nl->sk, nlh, nlh->nlmsg_len) < 0)
		return fail(nl, -errno, NULL);
	return receive(nl, reply, data);
}

/* Begins a request in @nl->buf. */
static struct nlmsghdr *request(struct fo_nl *nl, uint16_t type, uint8_t cmd,
				uint8_t version)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(nl->buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	nlh->nlmsg_seq = ++nl->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = version;
	return nlh;
}

static struct nlmsghdr *command(struct fo_nl *nl, uint8_t cmd)
{
	return request(nl, nl->family, cmd, NF_FAILOVER_FAMILY_VERSION);
}

static void take_group(struct fo_nl *nl, const struct nlattr *group)
{
	const char *name = "";
	const struct nlattr *attr;
	uint32_t id = 0;

	mnl_attr_for_each_nested(attr, group) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME)
			name = mnl_attr_get_str(attr);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
			id = mnl_attr_get_u32(attr);
	}
	if (!strcmp(name, NF_FAILOVER_MCGRP_MONITOR))
		nl->group = id;
	if (!strcmp(name, NF_FAILOVER_MCGRP_HISTORY))
		nl->history_group = id;
	if (!strcmp(name, NF_FAILOVER_MCGRP_OBJECTS))
		nl->objects_group = id;
}

static int take_family(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *group;
	struct fo_nl *nl = data;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			nl->family = mnl_attr_get_u16(attr);
		if (mnl_attr_get_type(attr) != CTRL_ATTR_MCAST_GROUPS)
			continue;
		mnl_attr_for_each_nested(group, attr)
			take_group(nl, group);
	}
	return 0;
}

static int find_family(struct fo_nl *nl)
{
	struct nlmsghdr *nlh = request(nl, GENL_ID_CTRL, CTRL_CMD_GETFAMILY,
				       1);
	int err;

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, NF_FAILOVER_FAMILY_NAME);
	err = talk(nl, nlh, take_family, nl);
	if (err == -ENOENT)
		return fail(nl, err,
			    "the kernel module is not loaded, try: modprobe nf_failover");
	return err;
}

static struct mnl_socket *open_socket(void)
{
	struct timeval tv = { .tv_sec = TIMEOUT_S };
	struct mnl_socket *sk;
	int one = 1;

	sk = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!sk)
		return NULL;
	if (mnl_socket_bind(sk, 0, MNL_SOCKET_AUTOPID) < 0) {
		mnl_socket_close(sk);
		return NULL;
	}
	mnl_socket_setsockopt(sk, NETLINK_EXT_ACK, &one, sizeof(one));
	mnl_socket_setsockopt(sk, NETLINK_CAP_ACK, &one, sizeof(one));
	setsockopt(mnl_socket_get_fd(sk), SOL_SOCKET, SO_RCVTIMEO, &tv,
		   sizeof(tv));
	return sk;
}

/* -ENOENT: the module is not loaded. May be called again after an error. */
int nl_open(struct fo_nl *nl)
{
	int err;

	*nl = (struct fo_nl) { .seq = 0 };
	/* libmnl leaves the padding of attributes as it finds it */
	nl->buf = calloc(1, NL_MSG_MAX);
	nl->sk = open_socket();
	if (!nl->buf || !nl->sk)
		err = fail(nl, nl->sk ? -ENOMEM : -errno, NULL);
	else
		err = find_family(nl);
	if (err)
		nl_close(nl);
	return err;
}

void nl_close(struct fo_nl *nl)
{
	if (nl->sk)
		mnl_socket_close(nl->sk);
	if (nl->events)
		mnl_socket_close(nl->events);
	free(nl->buf);
	nl->sk = NULL;
	nl->events = NULL;
	nl->buf = NULL;
}

static int take_show(const struct nlmsghdr *nlh, void *data)
{
	return nl_attr_get_show(nlh, data);
}

/* @show is overwritten; nl_show_free() after it, also after an error. */
int nl_get(struct fo_nl *nl, struct fo_show *show, bool brief)
{
	struct nlmsghdr *nlh = command(nl, NF_FAILOVER_CMD_GET);

	*show = (struct fo_show) { .failover_at = 0 };
	config_init(&show->config);
	if (brief)
		mnl_attr_put(nlh, NF_FAILOVER_A_BRIEF, 0, NULL);
	return talk(nl, nlh, take_show, show);
}

void nl_show_free(struct fo_show *show)
{
	config_free(&show->config);
	free(show->this.ifc);
	free(show->other.ifc);
	free(show->classes.row);
	free(show->queues.row);
	free(show->counters.row);
	free(show->bulk);
	free(show->difference);
	*show = (struct fo_show) { .failover_at = 0 };
}

int nl_config_set(struct fo_nl *nl, const struct fo_config *c)
{
	struct nlmsghdr *nlh = command(nl, NF_FAILOVER_CMD_CONFIG_SET);
	int err = nl_attr_put_config(nlh, c) ?
		  talk(nl, nlh, NULL, NULL) :
		  fail(nl, -E2BIG, "too many interfaces and addresses");

	/* with its keys */
	explicit_bzero(nl->buf, NL_MSG_MAX);
	return err;
}

int nl_role_set(struct fo_nl *nl, const struct fo_role_set *r)
{
	struct nlmsghdr *nlh = command(nl, NF_FAILOVER_CMD_ROLE_SET);

	if (r->role != NL_KEEP)
		mnl_attr_put_u32(nlh, NF_FAILOVER_A_ROLE, r->role);
	if (r->state != NL_KEEP)
		mnl_attr_put_u32(nlh, NF_FAILOVER_A_STATE, r->state);
	if (r->wants_active != NL_KEEP)
		mnl_attr_put_u8(nlh, NF_FAILOVER_A_WANTS_ACTIVE,
				r->wants_active);
	if (r->drain)
		mnl_attr_put(nlh, NF_FAILOVER_A_DRAIN, 0, NULL);
	if (r->reason)
		mnl_attr_put_strz(nlh, NF_FAILOVER_A_REASON, r->reason);
	return talk(nl, nlh, NULL, NULL);
}

int nl_health_set(struct fo_nl *nl, const struct fo_health_set *h)
{
	struct nlmsghdr *nlh = command(nl, NF_FAILOVER_CMD_ROLE_SET);

	if (h->fit != NL_KEEP)
		mnl_attr_put_u8(nlh, NF_FAILOVER_A_FIT, h->fit);
	if (h->hold_down_ms != NL_KEEP)
		mnl_attr_put_u32(nlh, NF_FAILOVER_A_HOLD_DOWN_MS,
				 h->hold_down_ms);
	return talk(nl, nlh, NULL, NULL);
}

/* So many, with all that may be told of them, fit in a message. */
#define IFCS_AT_ONCE	128

int nl_interface_set(struct fo_nl *nl, const struct fo_ifc *ifc,
		     unsigned int n)
{
	struct nlmsghdr *nlh;
	unsigned int i;
	int err = 0;

	for (i = 0; i < n && !err;) {
		nlh = command(nl, NF_FAILOVER_CMD_INTERFACE_SET);
		do {
			if (!nl_attr_put_ifc(nlh, NF_FAILOVER_A_INTERFACE,
					     &ifc[i], true))
				return fail(nl, -E2BIG, "too many interfaces");
		} while (++i < n && i % IFCS_AT_ONCE);
		err = talk(nl, nlh, NULL, NULL);
	}
	return err;
}

int nl_track_set(struct fo_nl *nl, const struct fo_track *t, unsigned int n)
{
	struct nlmsghdr *nlh = command(nl, NF_FAILOVER_CMD_INTERFACE_SET);
	unsigned int i;

	for (i = 0; i < n; i++)
		if (!nl_attr_put_track(nlh, NF_FAILOVER_A_TRACK, &t[i], true))
			return fail(nl, -E2BIG, "too many tracked objects");
	return talk(nl, nlh, NULL, NULL);
}

int nl_attach(struct fo_nl *nl, uint32_t watchdog_ms)
{
	struct nlmsghdr *nlh = command(nl, NF_FAILOVER_CMD_DAEMON_ATTACH);

	mnl_attr_put_u32(nlh, NF_FAILOVER_A_WATCHDOG_MS, watchdog_ms);
	return talk(nl, nlh, NULL, NULL);
}

static int take_hello_keys(const struct nlmsghdr *nlh, void *data)
{
	return nl_attr_get_hello_keys(nlh, data);
}

/* To be wiped by who asks. */
int nl_hello_keys(struct fo_nl *nl, struct fo_hello_keys *k)
{
	struct nlmsghdr *nlh = command(nl, NF_FAILOVER_CMD_HELLO_KEYS);
	int err;

	k->n = 0;
	err = talk(nl, nlh, take_hello_keys, k);
	explicit_bzero(nl->buf, NL_MSG_MAX);
	return err;
}

int nl_ask(struct fo_nl *nl, enum nf_failover_ask ask)
{
	struct nlmsghdr *nlh = command(nl, NF_FAILOVER_CMD_ASK);

	mnl_attr_put_u32(nlh, NF_FAILOVER_A_ASK, ask);
	return talk(nl, nlh, NULL, NULL);
}

int nl_ask_mate(struct fo_nl *nl, enum nf_failover_ask ask)
{
	struct nlmsghdr *nlh = command(nl, NF_FAILOVER_CMD_ASK);

	mnl_attr_put_u32(nlh, NF_FAILOVER_A_ASK, ask);
	mnl_attr_put(nlh, NF_FAILOVER_A_MATE, 0, NULL);
	return talk(nl, nlh, NULL, NULL);
}

int nl_bulk_start(struct fo_nl *nl, const char *reason)
{
	struct nlmsghdr *nlh = command(nl, NF_FAILOVER_CMD_BULK_START);

	mnl_attr_put_strz(nlh, NF_FAILOVER_A_REASON, reason);
	return talk(nl, nlh, NULL, NULL);
}

static int take_history(const struct nlmsghdr *nlh, void *data)
{
	return nl_attr_get_history(nlh, data);
}

int nl_history(struct fo_nl *nl, struct fo_history *h)
{
	struct nlmsghdr *nlh = command(nl, NF_FAILOVER_CMD_HISTORY_GET);

	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	return talk(nl, nlh, take_history, h);
}

static int join(struct fo_nl *nl, int group)
{
	return mnl_socket_setsockopt(nl->events, NETLINK_ADD_MEMBERSHIP,
				     &group, sizeof(group));
}

static int subscribe(struct fo_nl *nl, int group)
{
	int size = EVENT_RCVBUF, fd;

	nl->events = open_socket();
	if (!nl->events)
		return fail(nl, -errno, NULL);
	fd = mnl_socket_get_fd(nl->events);
	if (join(nl, group) < 0 || join(nl, CTRL_GROUP) < 0 ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		return fail(nl, -errno, NULL);
	/* with the forced size we get it even past rmem_max */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return 0;
}

int nl_event_fd(const struct fo_nl *nl)
{
	return mnl_socket_get_fd(nl->events);
}

int nl_subscribe(struct fo_nl *nl)
{
	return subscribe(nl, nl->group);
}

int nl_subscribe_history(struct fo_nl *nl)
{
	return subscribe(nl, nl->history_group);
}

/* Whether the message says that our family is gone. */
static bool is_family_gone(const struct fo_nl *nl, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;

	if (nlh->nlmsg_type != GENL_ID_CTRL || genl->cmd != CTRL_CMD_DELFAMILY)
		return false;
	mnl_attr_for_each(attr, nlh, sizeof(*genl))
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    mnl_attr_get_payload_len(attr) == sizeof(uint16_t))
			return mnl_attr_get_u16(attr) == nl->family;
	return false;
}

/*
 * The next event of this kind, in @nl->buf; -ENOBUFS: some were lost, so
 * everything must be read again.
 */
static int next_event(struct fo_nl *nl, uint8_t cmd)
{
	const struct nlmsghdr *nlh = (void *)nl->buf;
	const struct genlmsghdr *genl;
	ssize_t len;

	do {
		len = mnl_socket_recvfrom(nl->events, nl->buf, NL_MSG_MAX);
		if (len < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -errno;
		genl = mnl_nlmsg_ok(nlh, len) &&
		       mnl_nlmsg_get_payload_len(nlh) >= sizeof(*genl) ?
		       mnl_nlmsg_get_payload(nlh) : NULL;
		if (genl && is_family_gone(nl, nlh))
			return fail(nl, -ENODEV,
				    "the kernel module was unloaded");
	} while (!genl || nlh->nlmsg_type != nl->family ||
		 genl->cmd != cmd);
	return 1;
}

int nl_event(struct fo_nl *nl, struct fo_event *ev)
{
	int ret = next_event(nl, NF_FAILOVER_CMD_EVENT);

	*ev = (struct fo_event) { .type = 0 };
	return ret <= 0 ? ret : !nl_attr_get_event((void *)nl->buf, ev);
}

int nl_subscribe_objects(struct fo_nl *nl)
{
	return subscribe(nl, nl->objects_group);
}

int nl_object_event(struct fo_nl *nl, struct fo_object *o)
{
	int ret = next_event(nl, NF_FAILOVER_CMD_OBJECT);

	return ret <= 0 ? ret : !nl_attr_get_object((void *)nl->buf, o);
}

/* There may have been a value that is secret. */
static void wipe_object(struct fo_nl *nl)
{
	explicit_bzero(nl->buf, OBJECT_MAX);
}

int nl_object_put(struct fo_nl *nl, const struct fo_object *o)
{
	struct nlmsghdr *nlh = command(nl, NF_FAILOVER_CMD_OBJECT_PUT);
	int err;

	nl_attr_put_object(nlh, o, true);
	err = talk(nl, nlh, NULL, NULL);
	wipe_object(nl);
	return err;
}

int nl_object_delete(struct fo_nl *nl, const struct fo_object *o)
{
	struct nlmsghdr *nlh = command(nl, NF_FAILOVER_CMD_OBJECT_DELETE);

	nl_attr_put_object(nlh, o, false);
	return talk(nl, nlh, NULL, NULL);
}

static int take_object(const struct nlmsghdr *nlh, void *data)
{
	return nl_attr_get_object(nlh, data);
}

int nl_object_get(struct fo_nl *nl, struct fo_object *o)
{
	struct nlmsghdr *nlh = command(nl, NF_FAILOVER_CMD_OBJECT_GET);
	int err;

	nl_attr_put_object(nlh, o, false);
	err = talk(nl, nlh, take_object, o);
	wipe_object(nl);
	return err;
}

struct listing {
	fo_object_fn	fn;
	void		*ctx;
};

static int take_listed(const struct nlmsghdr *nlh, void *data)
{
	struct listing *l = data;
	struct fo_object o;
	int err = nl_attr_get_object(nlh, &o);

	return err ? err : l->fn(l->ctx, &o);
}

int nl_object_list(struct fo_nl *nl, const char *space, fo_object_fn fn,
		   void *ctx)
{
	struct nlmsghdr *nlh = command(nl, NF_FAILOVER_CMD_OBJECT_GET);
	struct listing l = { fn, ctx };
	struct fo_object o = { .key_len = 0 };

	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	if (space) {
		snprintf(o.space, sizeof(o.space), "%s", space);
		nl_attr_put_object(nlh, &o, false);
	}
	return talk(nl, nlh, take_listed, &l);
}

/*
 * Neither the status of a link tells, since a stray frame makes it a mismatch
 * while the peer lives, nor the state, since a unit that lives may be failed.
 */
bool nl_peer_alive(const struct fo_show *show)
{
	return show->other.known && show->other.alive;
}

int nl_msg_listen(struct fo_nl *nl)
{
	return talk(nl, command(nl, NF_FAILOVER_CMD_MSG_LISTEN), NULL, NULL);
}

int nl_msg_fd(const struct fo_nl *nl)
{
	return mnl_socket_get_fd(nl->sk);
}

/*
 * No acknowledgment is asked for: what has become of the part may come before
 * it. An error comes in any case.
 */
static int ask_for_notes(struct fo_nl *nl, struct nlmsghdr *nlh)
{
	nlh->nlmsg_flags = NLM_F_REQUEST;
	if (mnl_socket_sendto(nl->sk, nlh, nlh->nlmsg_len) < 0)
		return fail(nl, -errno, NULL);
	return 0;
}

int nl_msg_send(struct fo_nl *nl, const struct fo_msg *m)
{
	struct nlmsghdr *nlh = command(nl, NF_FAILOVER_CMD_MSG_SEND);

	nl_attr_put_msg(nlh, m);
	return ask_for_notes(nl, nlh);
}

int nl_echo_send(struct fo_nl *nl, const struct fo_echo *e)
{
	struct nlmsghdr *nlh = command(nl, NF_FAILOVER_CMD_ECHO_SEND);

	nl_attr_put_echo(nlh, e);
	return ask_for_notes(nl, nlh);
}

/* A note that is waited for, and what becomes of it. */
struct note {
	uint8_t	cmd;
	int	(*take)(const struct nlmsghdr *nlh, void *data);
	void	*data;
};

/* 1: such a note, 0: something else. */
static int take_note(struct fo_nl *nl, const struct nlmsghdr *nlh,
		     const struct note *n)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct nlmsgerr *ack = mnl_nlmsg_get_payload(nlh);

	if (nlh->nlmsg_type == NLMSG_ERROR &&
	    mnl_nlmsg_get_payload_len(nlh) >= sizeof(*ack))
		return nlh->nlmsg_seq == nl->seq && ack->error ?
		       fail(nl, ack->error, ack_text(nlh)) : 0;
	if (nlh->nlmsg_type != nl->family ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*genl) ||
	    genl->cmd != n->cmd)
		return 0;
	return !n->take(nlh, n->data);
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

/* Each datagram has one message. */
static int next_note(struct fo_nl *nl, const struct note *n, int timeout_ms)
{
	struct pollfd p = { .fd = mnl_socket_get_fd(nl->sk), .events = POLLIN };
	int64_t end = now_ms() + timeout_ms, left = timeout_ms;
	const struct nlmsghdr *nlh = (void *)nl->buf;
	ssize_t len;
	int ret;

	do {
		ret = poll(&p, 1, left);
		if (ret < 0 && errno != EINTR)
			return fail(nl, -errno, NULL);
		if (ret > 0) {
			len = mnl_socket_recvfrom(nl->sk, nl->buf, NL_MSG_MAX);
			if (len < 0 && errno != EINTR && errno != EAGAIN)
				return fail(nl, -errno, NULL);
			ret = len > 0 && mnl_nlmsg_ok(nlh, len) ?
			      take_note(nl, nlh, n) : 0;
			if (ret)
				return ret;
		}
		left = end - now_ms();
	} while (left > 0);
	return 0;
}

static int take_part(const struct nlmsghdr *nlh, void *data)
{
	return nl_attr_get_msg(nlh, data);
}

int nl_msg_next(struct fo_nl *nl, struct fo_msg *m, int timeout_ms)
{
	const struct note n = { NF_FAILOVER_CMD_MSG, take_part, m };

	return next_note(nl, &n, timeout_ms);
}

static int take_echo(const struct nlmsghdr *nlh, void *data)
{
	return nl_attr_get_echo(nlh, data);
}

int nl_echo_next(struct fo_nl *nl, struct fo_echo *e, int timeout_ms)
{
	const struct note n = { NF_FAILOVER_CMD_ECHO, take_echo, e };

	return next_note(nl, &n, timeout_ms);
}
