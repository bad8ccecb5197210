/* SPDX-License-Identifier: GPL-2.0 */
/* SAs and policies of IPsec as user objects. Pure. */
#ifndef FAILOVER_IPSEC_REC_H
#define FAILOVER_IPSEC_REC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Spaces of the user objects. */
#define IPSEC_SA	"ipsec-sa"
#define IPSEC_POLICY	"ipsec-policy"
#define IPSEC_ALL	"ipsec"	/* its object says that these are all */

#define IPSEC_ADDR	16
#define IPSEC_NAME	64	/* of an algorithm, with its zero */
#define IPSEC_KEY	128	/* bytes of the longest one */
#define IPSEC_DEV	16
#define IPSEC_TMPLS	6

/* Addresses of IPv4 are four bytes and zeros; a family is 4, 6, or 0 for any. */

/* @bits: of the key; @icv: bits of the tag, or 0; without a name there is none */
struct ipsec_alg {
	char		name[IPSEC_NAME];
	uint32_t	bits;
	uint32_t	icv;
	unsigned char	key[IPSEC_KEY];
};

/* What traffic it is about; @dev: a device by its name */
struct ipsec_sel {
	uint64_t	family;
	unsigned char	src[IPSEC_ADDR], dst[IPSEC_ADDR];
	uint64_t	src_len, dst_len;
	uint64_t	proto;
	uint64_t	sport, sport_mask, dport, dport_mask;
	uint64_t	user;
	char		dev[IPSEC_DEV];
};

/**
 * struct ipsec_sa - an SA, but for how far it has come
 * @family: to @mask: what it is known by
 * @window: for receiving; @esn: the kernel has it in the form of ESN, of @words
 * @soft_bytes: to @hard_packets: one more than the limit; 0: there is none
 * @soft_added: to @hard_used: seconds, or 0
 * @out_mark: mark that packets get, with @out_mask
 * @dir: 0, or XFRM_SA_DIR_*
 */
struct ipsec_sa {
	uint64_t	family, proto, spi;
	unsigned char	dst[IPSEC_ADDR];
	uint64_t	mark, mask;

	unsigned char	src[IPSEC_ADDR];
	uint64_t	mode, reqid, flags, extra_flags;
	uint64_t	window, esn, words;
	uint64_t	if_id, out_mark, out_mask, tfc_pad;
	struct ipsec_sel sel;
	uint64_t	soft_bytes, hard_bytes, soft_packets, hard_packets;
	uint64_t	soft_added, hard_added, soft_used, hard_used;
	struct ipsec_alg auth, crypt, aead;
	uint64_t	encap, encap_sport, encap_dport;
	unsigned char	encap_oa[IPSEC_ADDR];
	uint64_t	dir, keepalive, map_age;
};

/* What kind of SA a policy asks for. */
struct ipsec_tmpl {
	uint64_t	family, proto, spi, reqid, mode, share, optional;
	unsigned char	src[IPSEC_ADDR], dst[IPSEC_ADDR];
	uint64_t	aalgos, ealgos, calgos;
};

/* @dir: XFRM_POLICY_IN, _OUT or _FWD; to @if_id: what it is known by */
struct ipsec_policy {
	uint64_t	dir;
	struct ipsec_sel sel;
	uint64_t	mark, mask, if_id;

	uint64_t	action, flags, share, priority;
	unsigned int	n_tmpls;
	struct ipsec_tmpl tmpl[IPSEC_TMPLS];
};

/*
 * Key and value of an object; the same SA or policy has the same on both units.
 * They return the length, 0 when there is not so much room.
 */
size_t ipsec_put_sa_key(unsigned char *to, size_t room,
			const struct ipsec_sa *sa);
size_t ipsec_put_sa(unsigned char *to, size_t room, const struct ipsec_sa *sa);
size_t ipsec_put_policy_key(unsigned char *to, size_t room,
			    const struct ipsec_policy *p);
size_t ipsec_put_policy(unsigned char *to, size_t room,
			const struct ipsec_policy *p);

/*
 * Back; what the key tells comes first. 0; -EBADMSG for what is none; -EOPNOTSUPP
 * for what a later version may know: half of it would be another SA.
 */
int ipsec_get_sa_key(struct ipsec_sa *sa, const unsigned char *from, size_t len);
int ipsec_get_sa(struct ipsec_sa *sa, const unsigned char *from, size_t len);
int ipsec_get_policy_key(struct ipsec_policy *p, const unsigned char *from,
			 size_t len);
int ipsec_get_policy(struct ipsec_policy *p, const unsigned char *from,
		     size_t len);

#endif /* FAILOVER_IPSEC_REC_H */
