// SPDX-License-Identifier: GPL-2.0
/* Records of user objects as structs, and back. Pure, like codec.c. */

#include "codec_object.h"

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/**
 * fo_object_space_ok() - whether a text may be the name of a space
 * @space: FO_OBJECT_SPACE bytes
 *
 * It is shown to people and is a word of a shell.
 *
 * Return: true for 1 to 15 letters, digits, dots, hyphens and underscores.
 */
bool fo_object_space_ok(const char *space)
{
	size_t i;

	for (i = 0; i < FO_OBJECT_SPACE && space[i]; i++)
		if (!is_name_char(space[i]))
			return false;
	return i && i < FO_OBJECT_SPACE;
}

/**
 * fo_object_rec_put() - write a record
 * @w: writer; full afterwards when the record did not fit
 * @rec: the record
 */
void fo_object_rec_put(struct fo_writer *w, const struct fo_object_rec *rec)
{
	size_t len = strnlen(rec->key.space, FO_OBJECT_SPACE);
	u8 *begin = fo_rec_begin(w, FO_CLASS_OBJECT, rec->op);

	fo_put_u8(w, len);
	fo_put_bytes(w, rec->key.space, len);
	fo_put_u8(w, rec->key.len);
	fo_put_bytes(w, rec->key.key, rec->key.len);
	if (fo_object_has_value(rec->op)) {
		fo_put_var(w, rec->left);
		fo_put_bytes(w, rec->value, rec->len);
	}
	fo_rec_end(w, begin);
}

static int get_key(struct fo_reader *r, struct fo_object_key *key)
{
	size_t len = fo_get_u8(r);

	if (len >= sizeof(key->space))
		return -EBADMSG;
	fo_get_bytes(r, key->space, len);
	key->len = fo_get_u8(r);
	if (!key->len || key->len > sizeof(key->key))
		return -EBADMSG;
	fo_get_bytes(r, key->key, key->len);
	return r->bad || !fo_object_space_ok(key->space) ? -EBADMSG : 0;
}

/**
 * fo_object_rec_get() - read a record
 * @from: record of class FO_CLASS_OBJECT; its body is used up
 * @rec: filled in
 *
 * Return: 0; -EOPNOTSUPP for an operation that is not known; -EBADMSG when it
 * names no object, or one that cannot be.
 */
int fo_object_rec_get(struct fo_rec *from, struct fo_object_rec *rec)
{
	struct fo_reader *r = &from->body;

	memset(rec, 0, sizeof(*rec));
	rec->op = from->op;
	if (!rec->op || rec->op > FO_OBJECT_SECRET)
		return -EOPNOTSUPP;
	if (get_key(r, &rec->key))
		return -EBADMSG;
	if (!fo_object_has_value(rec->op))
		return 0;
	rec->left = fo_get_var(r);
	rec->value = r->p;
	rec->len = fo_left(r);
	if (r->bad || rec->left > FO_OBJECT_LIFE_MAX ||
	    rec->len > FO_OBJECT_VALUE)
		return -EBADMSG;
	return 0;
}
