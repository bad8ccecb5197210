/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints, for user space: nobody asks for them. Included by the shims. */
#ifndef _SIM_TRACEPOINT_H
#define _SIM_TRACEPOINT_H

#define TRACE_DEFINE_ENUM(id)
#define TP_PROTO(...)		__VA_ARGS__
#define TP_ARGS(...)
#define TRACE_EVENT(name, proto, ...) \
	static inline void trace_##name(proto) { }
#define DECLARE_EVENT_CLASS(...)
#define DEFINE_EVENT(class, name, proto, ...) \
	TRACE_EVENT(name, PARAMS(proto))
#define PARAMS(...)		__VA_ARGS__
#define DECLARE_TRACEPOINT(name)
#define tracepoint_enabled(name) false

#endif /* _SIM_TRACEPOINT_H */
