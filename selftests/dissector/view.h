/* SPDX-License-Identifier: GPL-2.0 */
/* What the codec reads in a frame, a line a field. */
#ifndef DISSECTOR_VIEW_H
#define DISSECTOR_VIEW_H

#include "pure.h"

void view_frame(unsigned int no, const u8 *frame, size_t len);

#endif /* DISSECTOR_VIEW_H */
