# SPDX-License-Identifier: GPL-2.0
# Unit tests of the pure files of ../../tools; included by Makefile.

TOOLS	:= ../../tools
TOOLS_CPPFLAGS := -I$(TOOLS) -D_GNU_SOURCE
LANGUAGE := $(addprefix $(TOOLS)/,addr.c config.c config_check.c \
	    config_print.c filter.c grammar.c grammar_file.c grammar_help.c mac.c rules.c \
	    rules_filter.c rules_link.c rules_route.c rules_set.c rules_time.c \
	    rules_track.c route.c types.c)

TESTS += grammar_test config_test key_test elect_test announce_test drive_test
TESTS += messages_test notice_test health_test sd_test hooks_test
TESTS += pool_test ruleset_test history_test probe_test seek_test exec_test
TESTS += log_test ask_test linkcheck_test ifstate_test ifpolicy_test monitor_test ifhello_test
TESTS += ifkeys_test ifwhy_test ifpair_test trackstate_test track_test object_text_test setdiff_test
TESTS += route_test
TESTS += ipsec_rec_test ipsec_list_test xfrm_msg_test
TESTS += gtp_rec_test gtp_msg_test

grammar_test-y	:= $(LANGUAGE)
config_test-y	:= $(LANGUAGE)
key_test-y	:= $(LANGUAGE) $(TOOLS)/key.c
key_test-libs	:= -lsodium
elect_test-y	:= $(TOOLS)/elect.c
announce_test-y	:= $(TOOLS)/announce.c $(TOOLS)/addr.c
drive_test-y	:= drive_fake.c $(TOOLS)/drive.c $(TOOLS)/drive_deeds.c \
		   $(TOOLS)/elect.c $(TOOLS)/names.c \
		   $(TOOLS)/notice.c $(TOOLS)/holddown.c $(TOOLS)/addr.c \
		   $(TOOLS)/mac.c \
		   $(TOOLS)/config.c $(TOOLS)/config_print.c $(TOOLS)/filter.c $(TOOLS)/pool.c \
		   $(TOOLS)/lookout.c $(TOOLS)/probe_frame.c $(TOOLS)/seek.c
ask_test-y	:= $(drive_test-y)
object_text_test-y := $(TOOLS)/object_text.c
setdiff_test-y	:= $(TOOLS)/setdiff.c
route_test-y	:= $(TOOLS)/route.c $(TOOLS)/addr.c
ipsec_rec_test-y := $(TOOLS)/ipsec_rec.c
ipsec_list_test-y := $(TOOLS)/ipsec_list.c $(TOOLS)/ipsec_rec.c $(TOOLS)/addr.c
ipsec_list_test-libs := -lsodium
xfrm_msg_test-y	:= $(TOOLS)/xfrm_msg.c
xfrm_msg_test-libs := -lmnl
gtp_rec_test-y	:= $(TOOLS)/gtp_rec.c
gtp_msg_test-y	:= $(TOOLS)/gtp_msg.c $(TOOLS)/gtp_rec.c
gtp_msg_test-libs := -lmnl
messages_test-y	:= $(TOOLS)/messages.c
notice_test-y	:= $(TOOLS)/notice.c $(TOOLS)/messages.c $(TOOLS)/elect.c \
		   $(TOOLS)/names.c
health_test-y	:= $(TOOLS)/health.c $(TOOLS)/names.c
linkcheck_test-y := $(LANGUAGE) $(TOOLS)/linkcheck.c
sd_test-y	:= $(TOOLS)/sd.c
hooks_test-y	:= $(TOOLS)/hooks.c $(TOOLS)/hooks_run.c $(TOOLS)/elect.c \
		   $(TOOLS)/child.c \
		   $(TOOLS)/messages.c $(TOOLS)/names.c
pool_test-y	:= $(LANGUAGE) $(TOOLS)/pool.c
ruleset_test-y	:= $(TOOLS)/ruleset.c $(TOOLS)/pool.c $(TOOLS)/addr.c
ruleset_test-libs := -ljansson
probe_test-y	:= $(TOOLS)/probe_frame.c $(TOOLS)/addr.c
seek_test-y	:= $(TOOLS)/seek.c
exec_test-y	:= $(LANGUAGE) $(TOOLS)/exec_words.c
log_test-y	:= $(TOOLS)/log.c $(TOOLS)/messages.c
ifstate_test-y	:= $(TOOLS)/ifstate.c $(TOOLS)/holddown.c
ifpolicy_test-y	:= $(TOOLS)/ifpolicy.c $(TOOLS)/ifstate.c $(TOOLS)/holddown.c
ifpair_test-y	:= $(ifpolicy_test-y) $(TOOLS)/elect.c
ifhello_test-y	:= $(TOOLS)/ifhello.c $(TOOLS)/addr.c
ifhello_test-libs := -lsodium
ifkeys_test-y	:= $(TOOLS)/ifkeys.c $(ifhello_test-y)
ifkeys_test-libs := -lsodium
trackstate_test-y := $(TOOLS)/trackstate.c $(TOOLS)/holddown.c
track_test-y	:= $(LANGUAGE) $(TOOLS)/track.c $(TOOLS)/track_watch.c \
		   $(TOOLS)/track_script.c $(TOOLS)/track_file.c \
		   $(TOOLS)/track_process.c $(TOOLS)/track_route.c \
		   $(TOOLS)/track_bfd.c \
		   $(TOOLS)/track_check.c $(TOOLS)/trackstate.c \
		   $(TOOLS)/holddown.c $(TOOLS)/ifstate.c $(TOOLS)/child.c \
		   $(TOOLS)/messages.c $(TOOLS)/names.c
track_test-libs	:= -lmnl
ifwhy_test-y	:= $(TOOLS)/ifwhy.c $(TOOLS)/addr.c $(TOOLS)/mac.c
monitor_test-y	:= $(TOOLS)/monitor.c $(TOOLS)/ifpolicy.c $(TOOLS)/ifstate.c \
		   $(TOOLS)/holddown.c $(TOOLS)/addr.c $(TOOLS)/mac.c \
		   $(TOOLS)/config.c $(TOOLS)/config_print.c $(TOOLS)/filter.c $(TOOLS)/names.c

history_test-y	:= $(TOOLS)/history.c $(TOOLS)/history_file.c \
		   $(TOOLS)/history_json.c $(TOOLS)/names.c
history_test-libs := -ljansson

$(foreach t,grammar config elect announce drive messages notice health sd hooks \
	    key pool ruleset history probe seek exec log ask linkcheck ifstate \
	    ifpolicy ifpair monitor ifhello ifkeys ifwhy trackstate track object_text \
	    setdiff route ipsec_rec ipsec_list xfrm_msg gtp_rec gtp_msg,\
	$(eval $(t)_test-cppflags := $(TOOLS_CPPFLAGS)))
drive_test-cppflags += -Dclock_gettime=test_clock_gettime
ask_test-cppflags += -Dclock_gettime=test_clock_gettime
log_test-cppflags += -DLOG_SOCKET='"../out/unit/log.socket"'

# Of files that one kind of test has.
$(OUT)/tools/drive_deeds.o: TOOLS_CPPFLAGS += -Dclock_gettime=test_clock_gettime
$(OUT)/tools/track.o: TOOLS_CPPFLAGS += -DSILENCE_MS=2000
$(OUT)/tools/log.o: TOOLS_CPPFLAGS += -DLOG_SOCKET='"../out/unit/log.socket"'
