// SPDX-License-Identifier: GPL-2.0
/* What the codec reads in a frame, a line a field. */
#include <arpa/inet.h>
#include <stdio.h>

#include "codec_ct.h"
#include "codec_expect.h"
#include "codec_link.h"
#include "codec_msg.h"
#include "codec_neigh.h"
#include "codec_object.h"
#include "codec_sa.h"
#include "codec_station.h"
#include "view.h"

static unsigned int number;

#define say(name, format, ...) \
	printf("%u %s " format "\n", number, name, ##__VA_ARGS__)

static void say_number(const char *name, u64 value)
{
	say(name, "%llu", (unsigned long long)value);
}

static void say_bytes(const char *name, const u8 *p, size_t len)
{
	printf("%u %s ", number, name);
	while (len--)
		printf("%02x%s", *p++, len ? ":" : "\n");
}

static void say_addr(const char *name, u8 l3, const u8 *addr)
{
	char text[INET6_ADDRSTRLEN], full[64];

	inet_ntop(l3 == 4 ? AF_INET : AF_INET6, addr, text, sizeof(text));
	snprintf(full, sizeof(full), "%s%d", name, l3);
	say(full, "%s", text);
}

static void say_port(const char *name, const u8 *port)
{
	say_number(name, port[0] << 8 | port[1]);
}

static void malformed(void)
{
	say("malformed", "yes");
}

static void view_hand(struct fo_reader *r)
{
	struct fo_hand h;

	if (fo_hand_get(r, &h)) {
		malformed();
		return;
	}
	say_number("hand.op", h.op);
	say_number("hand.unit", h.unit);
	say_number("hand.assoc", h.assoc);
	say_number("hand.index", h.index);
	say_number("hand.boot", h.boot);
	say_number("hand.stamp", h.stamp);
	say_number("hand.caps", h.caps);
	say_number("hand.mtu", h.mtu);
	say_number("hand.digest", h.digest);
	say("hand.version", "%s", h.version);
}

static void view_hello_lists(const struct fo_hello *h)
{
	const struct fo_entry *e;
	unsigned int i;

	for (i = 0; i < h->ifcs; i++) {
		say_number("hello.ifc.status", h->ifc[i].status);
		say_bytes("hello.ifc.mac", h->ifc[i].mac, FO_MAC_LEN);
		say("hello.ifc.name", "%s", h->ifc[i].name);
	}
	for (i = 0; i < h->tracks; i++) {
		say_number("hello.track.status", h->track[i].status);
		say("hello.track.name", "%s", h->track[i].name);
	}
	for (i = 0; i < h->helpers; i++)
		say("hello.helper", "%s", h->helper[i]);
	for (i = 0; i < h->refusals; i++) {
		say_number("hello.refused.count", h->refused[i].count);
		say("hello.refused.reason", "%s", h->refused[i].name);
	}
	for (i = 0, e = h->entry; i < h->entries; i++, e++) {
		say_number("hello.history.seq", e->seq);
		say_number("hello.history.time", e->time);
		say_number("hello.history.epoch", e->epoch);
		say_number("hello.history.kind", e->kind);
		say_number("hello.history.from", e->from);
		say_number("hello.history.to", e->to);
		say_number("hello.history.role", e->role);
		say("hello.history.reason", "%s", e->reason);
	}
	for (i = 0; i < h->settings; i++) {
		say_number("hello.setting.id", h->setting[i].id);
		say_number("hello.setting.no", h->setting[i].no);
		say("hello.setting.name", "%s", h->setting[i].name);
		say("hello.setting.value", "%s", h->setting[i].value);
	}
}

static void view_hello(struct fo_reader *r)
{
	struct fo_hello h;
	unsigned int unknown;

	if (fo_hello_get(r, &h, &unknown)) {
		malformed();
		return;
	}
	say_number("hello.role", h.role);
	say_number("hello.state", h.state);
	say_number("hello.epoch", h.epoch);
	say_number("hello.flags", h.flags);
	say_number("hello.active_time", h.active_time);
	say_number("hello.objects", h.objects);
	say_number("hello.reports", h.reports);
	if (h.up_time)
		say_number("hello.up_time", h.up_time);
	say_number("hello.request", h.request);
	say_number("hello.request_no", h.request_no);
	say_number("hello.list", h.list);
	say_number("hello.held", h.held);
	say_number("hello.held_to", h.held_to);
	say_number("hello.digest", h.digest);
	say_number("hello.digest_of", h.of);
	view_hello_lists(&h);
}

static void view_ack(struct fo_reader *r)
{
	struct fo_ack a;

	if (fo_ack_get(r, &a)) {
		malformed();
		return;
	}
	say_number("ack.cum", a.cum);
	say_number("ack.sack", a.sack);
}

static void view_tuples(const struct fo_ct_rec *c)
{
	if (!c->l3)
		return;
	say_number("ct.proto", c->proto);
	say_addr("ct.src", c->l3, c->orig.saddr);
	say_addr("ct.dst", c->l3, c->orig.daddr);
	say_port("ct.sport", c->orig.sport);
	say_port("ct.dport", c->orig.dport);
	say_number("ct.nat", c->nat);
	if (c->nat & FO_CT_NAT_SADDR)
		say_addr("ct.reply.src", c->l3, c->reply.saddr);
	if (c->nat & FO_CT_NAT_DADDR)
		say_addr("ct.reply.dst", c->l3, c->reply.daddr);
	if (c->nat & FO_CT_NAT_SPORT)
		say_port("ct.reply.sport", c->reply.sport);
	if (c->nat & FO_CT_NAT_DPORT)
		say_port("ct.reply.dport", c->reply.dport);
}

static void say_dccp(const struct fo_ct_rec *c)
{
	u8 seq[6];
	int i;

	say_number("ct.dccp.role", c->dccp_role);
	say_number("ct.dccp.state", c->dccp_state);
	for (i = 0; i < 6; i++)
		seq[i] = c->dccp_seq >> (40 - 8 * i);
	if (c->dccp_state)
		say_bytes("ct.dccp.seq", seq, sizeof(seq));
}

static void view_rare(const struct fo_ct_rec *c)
{
	static const char *const dir[2] = { "orig", "reply" };
	size_t len = sizeof(c->labels);
	char name[40];
	int i;

	while (len && !c->labels[len - 1])
		len--;
	if (len)
		say_bytes("ct.labels", c->labels, len);
	say_number("ct.start", c->start);
	say_number("ct.secmark", c->secmark);
	say_number("ct.sctp.state", c->sctp_state);
	say_dccp(c);
	for (i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "ct.seqadj.pos.%s", dir[i]);
		say_number(name, c->seqadj[i].pos);
		snprintf(name, sizeof(name), "ct.seqadj.before.%s", dir[i]);
		say_number(name, c->seqadj[i].before);
		snprintf(name, sizeof(name), "ct.seqadj.after.%s", dir[i]);
		say_number(name, c->seqadj[i].after);
		snprintf(name, sizeof(name), "ct.packets.%s", dir[i]);
		say_number(name, c->packets[i]);
		snprintf(name, sizeof(name), "ct.bytes.%s", dir[i]);
		say_number(name, c->bytes[i]);
		snprintf(name, sizeof(name), "ct.sctp.vtag.%s", dir[i]);
		if (c->sctp_state)
			say_bytes(name, c->sctp_vtag[i], 4);
	}
}

static void view_ct(struct fo_rec *rec)
{
	unsigned int unknown;
	struct fo_ct_rec c;

	if (fo_ct_rec_get(rec, &c, &unknown)) {
		malformed();
		return;
	}
	say_number("ct.slot", c.slot);
	view_tuples(&c);
	say_number("ct.status", c.status);
	say_number("ct.timeout", c.timeout);
	say_number("ct.tcp.state", c.tcp_state);
	say_number("ct.tcp.wscale.orig", c.tcp_wscale[0]);
	say_number("ct.tcp.wscale.reply", c.tcp_wscale[1]);
	say_number("ct.tcp.flags.orig", c.tcp_flags[0]);
	say_number("ct.tcp.flags.reply", c.tcp_flags[1]);
	say_number("ct.mark", c.mark);
	say_number("ct.zone", c.zone);
	say_number("ct.zone_dir", c.zone_dir);
	view_rare(&c);
	say("ct.helper", "%s", c.helper);
	say_number("ct.master", c.master);
}

static void view_station(struct fo_rec *rec)
{
	struct fo_station_rec s;

	if (fo_station_rec_get(rec, &s)) {
		malformed();
		return;
	}
	say_bytes("station.mac", s.mac, sizeof(s.mac));
	say_number("station.vlan", s.vlan);
	say("station.port", "%s", s.port);
}

static void view_neigh(struct fo_rec *rec)
{
	struct fo_neigh_rec n;

	if (fo_neigh_rec_get(rec, &n)) {
		malformed();
		return;
	}
	say_bytes("neigh.mac", n.mac, sizeof(n.mac));
	say_addr("neigh.addr", rec->op == FO_NEIGH_SEEN4 ? 4 : 6, n.addr);
	say("neigh.nameif", "%s", n.nameif);
}

static void view_object(struct fo_rec *rec)
{
	struct fo_object_rec o;

	if (fo_object_rec_get(rec, &o)) {
		malformed();
		return;
	}
	say("object.space", "%s", o.key.space);
	say_bytes("object.key", o.key.key, o.key.len);
	if (fo_object_has_value(o.op))
		say_number("object.lifetime", o.left);
	if (o.len && o.op == FO_OBJECT_SECRET)
		say_number("object.secret", o.len);
	else if (o.len)
		say_bytes("object.value", o.value, o.len);
}

static void view_sa(struct fo_rec *rec)
{
	struct fo_sa_rec s;

	if (fo_sa_rec_get(rec, &s)) {
		malformed();
		return;
	}
	say_number("sa.in", s.in);
	say_number("sa.proto", s.id.proto);
	say_number("sa.spi", s.id.spi);
	say_addr("sa.daddr", rec->op == FO_SA_USED4 ? 4 : 6, s.id.daddr);
	if (s.id.mark || s.id.mask) {
		say_number("sa.mark", s.id.mark);
		say_number("sa.mask", s.id.mask);
	}
	if (s.id.if_id)
		say_number("sa.if_id", s.id.if_id);
	say_number("sa.sent", s.use.sent);
	say_number("sa.received", s.use.received);
	say_number("sa.bytes", s.use.bytes);
	say_number("sa.packets", s.use.packets);
	say_number("sa.age", s.age);
	say_number("sa.used", s.used);
}

static void view_secmark(struct fo_rec *rec)
{
	struct fo_secmark_rec s;

	if (fo_secmark_rec_get(rec, &s)) {
		malformed();
		return;
	}
	say_number("secmark.number", s.number);
	say("secmark.context", "%s", s.text);
}

static void view_entry(const struct fo_expect *e)
{
	say_number("expect.proto", e->proto);
	say_addr("expect.src", e->l3, e->tuple.saddr);
	say_addr("expect.dst", e->l3, e->tuple.daddr);
	say_number("expect.sport", e->tuple.sport[0] << 8 | e->tuple.sport[1]);
	say_number("expect.dport", e->tuple.dport[0] << 8 | e->tuple.dport[1]);
	say_addr("expect.mask", e->l3, e->mask_saddr);
	say_number("expect.mask_port", e->mask_sport[0] << 8 | e->mask_sport[1]);
	say_number("expect.class", e->class);
	say_number("expect.flags", e->flags);
	say("expect.fn", "%s", e->fn);
	say_number("expect.nat.dir", e->nat_dir);
	say_number("expect.nat.port", e->nat_port[0] << 8 | e->nat_port[1]);
	say_addr("expect.nat.addr", e->l3, e->nat_addr);
	say("expect.helper", "%s", e->helper);
	say_number("expect.timeout", e->timeout);
}

static void view_sip(struct fo_rec *rec)
{
	struct fo_sip s;

	if (fo_sip_get(rec, &s)) {
		malformed();
		return;
	}
	say_number("expect.slot", s.slot);
	say_number("expect.sip.register", s.register_cseq);
	say_number("expect.sip.invite", s.invite_cseq);
	say_port("expect.sip.port", s.forced_dport);
}

static void view_pptp(struct fo_rec *rec)
{
	struct fo_pptp p;

	if (fo_pptp_get(rec, &p)) {
		malformed();
		return;
	}
	say_number("expect.slot", p.slot);
	say_number("expect.pptp.session", p.session);
	say_number("expect.pptp.call", p.call);
	say_port("expect.pptp.pac", p.pac);
	say_port("expect.pptp.pns", p.pns);
	say_port("expect.pptp.nat_pac", p.nat_pac);
	say_port("expect.pptp.nat_pns", p.nat_pns);
}

static void view_h323(struct fo_rec *rec)
{
	struct fo_h323 h;
	int i;

	if (fo_h323_get(rec, &h)) {
		malformed();
		return;
	}
	say_number("expect.slot", h.slot);
	for (i = 0; i < FO_H323_PORTS; i++)
		if (h.port[i][0] | h.port[i][1])
			say_port("expect.h323.port", h.port[i]);
}

static void view_expect(struct fo_rec *rec)
{
	struct fo_expect e;
	unsigned int unknown = 0;
	int more;
	u32 slot;

	if (rec->op == FO_EXPECT_SIP) {
		view_sip(rec);
		return;
	}
	if (rec->op == FO_EXPECT_PPTP) {
		view_pptp(rec);
		return;
	}
	if (rec->op == FO_EXPECT_H323) {
		view_h323(rec);
		return;
	}
	if (fo_expect_list_get(rec, &slot)) {
		malformed();
		return;
	}
	say_number("expect.slot", slot);
	while ((more = fo_expect_next(&rec->body, &e, &unknown)) > 0)
		view_entry(&e);
	if (more)
		malformed();
}

static void view_msg(struct fo_rec *rec)
{
	struct fo_msg_ack a;
	struct fo_msg m;

	if (rec->op == FO_MSG_PART && !fo_msg_get(rec, &m)) {
		say_number("msg.no", m.no);
		say_number("msg.kind", m.kind);
		say_number("msg.id", m.id);
		say_bytes("msg.data", m.data, m.len);
	} else if (rec->op == FO_MSG_ACK && !fo_msg_ack_get(rec, &a)) {
		say_number("msg.ack.no", a.no);
		say_number("msg.ack.result", a.result);
	} else {
		malformed();
	}
}

static void view_echo(struct fo_reader *r)
{
	struct fo_echo e;

	if (fo_echo_get(r, &e)) {
		malformed();
		return;
	}
	say_number("echo.op", e.op);
	say_number("echo.link", e.link);
	say_number("echo.no", e.no);
	if (fo_left(r))
		say_bytes("echo.padding", r->p, fo_left(r));
}

static void view_records(struct fo_reader *r)
{
	struct fo_rec rec;
	int err;

	while ((err = fo_rec_get(r, &rec)) > 0) {
		say_number("record.class", rec.class);
		say_number("record.op", rec.op);
		if (rec.class == FO_CLASS_CONTROL && rec.op <= FO_CONTROL_BULK_END)
			say_number("control.epoch", fo_get_var(&rec.body));
		else if (rec.class == FO_CLASS_CT)
			view_ct(&rec);
		else if (rec.class == FO_CLASS_STATION)
			view_station(&rec);
		else if (rec.class == FO_CLASS_NEIGH)
			view_neigh(&rec);
		else if (rec.class == FO_CLASS_OBJECT)
			view_object(&rec);
		else if (rec.class == FO_CLASS_SA)
			view_sa(&rec);
		else if (rec.class == FO_CLASS_EXPECT)
			view_expect(&rec);
		else if (rec.class == FO_CLASS_SECMARK)
			view_secmark(&rec);
		else if (rec.class == FO_CLASS_MSG)
			view_msg(&rec);
	}
	if (err)
		malformed();
}

/* Prints what the codec reads in a frame, the one of that number. */
void view_frame(unsigned int no, const u8 *frame, size_t len)
{
	static void (*const by_type[FO_FRAME_TYPES])(struct fo_reader *r) = {
		[FO_FRAME_HAND]	 = view_hand,
		[FO_FRAME_HELLO] = view_hello,
		[FO_FRAME_DATA]	 = view_records,
		[FO_FRAME_ACK]	 = view_ack,
		[FO_FRAME_MSG]	 = view_records,
		[FO_FRAME_ECHO]	 = view_echo,
	};
	struct fo_reader r;
	struct fo_hdr h;

	number = no;
	if (fo_hdr_get(frame, len, &h)) {
		malformed();
		return;
	}
	say_number("version", h.version);
	say_number("type", h.type);
	say_number("len", h.len);
	say_number("index", h.assoc);
	say_number("counter", h.counter);
	if (h.version != FO_WIRE_VERSION || !by_type[h.type])
		return;
	fo_reader_init(&r, frame + FO_HDR_LEN, h.len - FO_FRAME_OVERHEAD);
	by_type[h.type](&r);
}
