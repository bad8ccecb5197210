/* SPDX-License-Identifier: GPL-2.0 */
/* Bytes of user objects as words of a shell, and back. Pure. */
#ifndef FAILOVER_OBJECT_TEXT_H
#define FAILOVER_OBJECT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define OBJECT_HEX	"hex:"

/* Whether the bytes can be printed as they are, and mean themselves when read. */
bool object_is_text(const unsigned char *p, size_t len);

/* Room for @len bytes as a word. */
#define OBJECT_WORD(len)	(sizeof(OBJECT_HEX) + 2 * (len))

/* The bytes as such a word: themselves, or hex:DIGITS. */
void object_word(char *to, const unsigned char *p, size_t len);
/* Only the digits. */
void object_digits(char *to, const unsigned char *p, size_t len);

/*
 * The bytes of a word: of hex:DIGITS those, of any other its own. Returns how
 * many, -1 when these are no digits, or -2 when there are more than @room.
 */
int object_bytes(unsigned char *to, size_t room, const char *word);

#endif /* FAILOVER_OBJECT_TEXT_H */
