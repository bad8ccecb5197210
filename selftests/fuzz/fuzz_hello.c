// SPDX-License-Identifier: GPL-2.0
/*
 * The bodies of HAND, HELLO and ACK frames; the first byte says which.
 */

#include "codec_link.h"
#include "fuzz.h"

static void printable(const char *text, size_t room)
{
	size_t i, len = strnlen(text, room);

	MUST(len < room);
	for (i = 0; i < len; i++)
		MUST(text[i] >= 0x20 && text[i] < 0x7f);
}

static void hand(struct fo_reader *r)
{
	struct fo_hand h, copy;
	struct fo_writer w, again;
	u8 buf[1024], second[1024];

	if (fo_hand_get(r, &h))
		return;
	MUST(h.op && h.unit && h.assoc && h.boot);
	printable(h.version, sizeof(h.version));
	fo_writer_init(&w, buf, sizeof(buf));
	fo_hand_put(&w, &h);
	MUST(!w.full);
	fo_reader_init(r, buf, w.p - buf);
	MUST(fo_hand_get(r, &copy) == 0);
	fo_writer_init(&again, second, sizeof(second));
	fo_hand_put(&again, &copy);
	MUST(again.p - second == w.p - buf);
	MUST(!memcmp(buf, second, w.p - buf));
}

static void hello(struct fo_reader *r)
{
	struct fo_hello h, copy;
	struct fo_writer w;
	unsigned int unknown, i;
	u8 buf[2048];

	if (fo_hello_get(r, &h, &unknown))
		return;
	MUST(h.ifcs <= FO_HELLO_IFCS);
	for (i = 0; i < h.ifcs; i++)
		printable(h.ifc[i].name, sizeof(h.ifc[i].name));
	MUST(h.entries <= FO_HELLO_ENTRIES);
	for (i = 0; i < h.entries; i++) {
		MUST(h.entry[i].seq > (i ? h.entry[i - 1].seq : 0));
		printable(h.entry[i].reason, sizeof(h.entry[i].reason));
	}
	fo_writer_init(&w, buf, sizeof(buf));
	fo_hello_put(&w, &h);
	MUST(!w.full);
	fo_reader_init(r, buf, w.p - buf);
	MUST(fo_hello_get(r, &copy, &unknown) == 0);
	MUST(!unknown);
	MUST(!memcmp(&h, &copy, sizeof(h)));
}

static void ack(struct fo_reader *r)
{
	size_t len = fo_left(r);
	const u8 *from = r->p;
	struct fo_writer w;
	struct fo_ack a;
	u8 buf[FO_ACK_LEN];

	MUST(fo_ack_get(r, &a) == (len < FO_ACK_LEN ? -EBADMSG : 0));
	if (len < FO_ACK_LEN)
		return;
	fo_writer_init(&w, buf, sizeof(buf));
	fo_ack_put(&w, &a);
	MUST(!w.full && !memcmp(buf, from, FO_ACK_LEN));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fo_reader r;

	if (!size)
		return 0;
	fo_reader_init(&r, data + 1, size - 1);
	switch (data[0] % 3) {
	case 0:
		hand(&r);
		break;
	case 1:
		hello(&r);
		break;
	case 2:
		ack(&r);
		break;
	}
	return 0;
}
