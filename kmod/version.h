/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FO_VERSION_H
#define _FO_VERSION_H

#define FO_VERSION	"0.1.0"

#endif /* _FO_VERSION_H */
