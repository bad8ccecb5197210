// SPDX-License-Identifier: GPL-2.0
/*
 * Seal and open frames: what makes them authentic on the link.
 *
 * The link in clear text, which is all there is yet: the tag is a CRC-32C over
 * header and body, behind zeroes. It finds frames that were damaged or cut,
 * and refuses all but 2^-128 of random ones; it does not stop a stranger who
 * knows the format. An AEAD takes the same place and the same sixteen bytes,
 * with type and counter of the header as its nonce.
 */

#include "seal.h"

#include <linux/crc32c.h>

#define CRC_AT	(FO_TAG_LEN - 4)

static u32 checksum(const u8 *frame, size_t len)
{
	return crc32c(~0U, frame, len);
}

/**
 * fo_seal() - fill in header and tag of a frame
 * @frame: frame of @h->len bytes, its body in place
 * @h: header
 *
 * Context: softirq or process, never sleeps.
 */
void fo_seal(u8 *frame, const struct fo_hdr *h)
{
	size_t len = h->len - FO_TAG_LEN;
	struct fo_writer w;

	fo_hdr_put(frame, h);
	memset(frame + len, 0, CRC_AT);
	fo_writer_init(&w, frame + len + CRC_AT, 4);
	fo_put_u32(&w, checksum(frame, len));
}

/**
 * fo_open() - check that a frame is what the peer sealed
 * @frame: frame of @h->len bytes
 * @h: its header
 *
 * Context: softirq, never sleeps.
 *
 * Return: whether it is.
 */
bool fo_open(const u8 *frame, const struct fo_hdr *h)
{
	size_t len = h->len - FO_TAG_LEN;
	struct fo_reader r;
	u32 crc;
	u8 zero;

	zero = memchr_inv(frame + len, 0, CRC_AT) ? 1 : 0;
	fo_reader_init(&r, frame + len + CRC_AT, 4);
	crc = fo_get_u32(&r);
	return !zero && crc == checksum(frame, len);
}
