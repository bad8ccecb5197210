# SPDX-License-Identifier: GPL-2.0
# Unit tests of the pure files of ../../tools; included by Makefile.

TOOLS	:= ../../tools
LANGUAGE := $(addprefix $(TOOLS)/,addr.c config.c config_check.c \
	    config_print.c grammar.c grammar_file.c grammar_help.c rules.c \
	    types.c)

TESTS += grammar_test config_test elect_test announce_test drive_test \
	 probe_test seek_test

grammar_test-y	:= $(LANGUAGE)
config_test-y	:= $(LANGUAGE)
elect_test-y	:= $(TOOLS)/elect.c
announce_test-y	:= $(TOOLS)/announce.c $(TOOLS)/addr.c
drive_test-y	:= $(TOOLS)/drive.c $(TOOLS)/elect.c $(TOOLS)/names.c \
		   $(TOOLS)/addr.c $(TOOLS)/config.c $(TOOLS)/config_print.c \
		   $(TOOLS)/lookout.c $(TOOLS)/probe_frame.c $(TOOLS)/seek.c
probe_test-y	:= $(TOOLS)/probe_frame.c
seek_test-y	:= $(TOOLS)/seek.c

$(foreach t,grammar config elect announce drive probe seek,\
	$(eval $(t)_test-cppflags := -I$(TOOLS) -D_GNU_SOURCE))
drive_test-cppflags += -Dclock_gettime=test_clock_gettime
