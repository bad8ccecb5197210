// SPDX-License-Identifier: GPL-2.0
/* Bytes of user objects as words of a shell, and back. Pure. */
#include "object_text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define HEX_LEN		(sizeof(OBJECT_HEX) - 1)

static bool is_graph(unsigned char c)
{
	return c >= 0x20 && c < 0x7f;
}

bool object_is_text(const unsigned char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!is_graph(p[i]))
			return false;
	/* what means something else */
	return !(len == 1 && *p == '-') && !(len && *p == '@') &&
	       (len < HEX_LEN || memcmp(p, OBJECT_HEX, HEX_LEN));
}

void object_digits(char *to, const unsigned char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		sprintf(to + 2 * i, "%02x", p[i]);
	to[2 * len] = 0;
}

void object_word(char *to, const unsigned char *p, size_t len)
{
	if (object_is_text(p, len)) {
		memcpy(to, p, len);
		to[len] = 0;
	} else {
		strcpy(to, OBJECT_HEX);
		object_digits(to + HEX_LEN, p, len);
	}
}

static int digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' :
	       tolower((unsigned char)c) - 'a' + 10;
}

static int from_hex(unsigned char *to, size_t room, const char *hex)
{
	size_t i, len = strlen(hex);

	if (len % 2 || strspn(hex, "0123456789abcdefABCDEF") != len)
		return -1;
	if (len / 2 > room)
		return -2;
	for (i = 0; i < len / 2; i++)
		to[i] = digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]);
	return len / 2;
}

int object_bytes(unsigned char *to, size_t room, const char *word)
{
	size_t len = strlen(word);

	if (!strncmp(word, OBJECT_HEX, HEX_LEN))
		return from_hex(to, room, word + HEX_LEN);
	if (len > room)
		return -2;
	memcpy(to, word, len);
	return len;
}
