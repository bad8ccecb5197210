# SPDX-License-Identifier: GPL-2.0
#
# nf_failover: stateful failover for Linux firewalls. `make help` says what
# there is; the work of the tests is in scripts under selftests/.

KDIR ?= /lib/modules/$(shell uname -r)/build
KSRC ?=
DESTDIR ?=
PREFIX ?= /usr
export DESTDIR PREFIX

.DEFAULT_GOAL := all

all: tools module		## the module and the tools

module:				## the module, for the running kernel or KDIR=
	@[ -e "$(KDIR)/Makefile" ] || { \
	echo "No kernel headers in $(KDIR)."; \
	echo "Install them (apt-get install linux-headers-$$(uname -r)),"; \
	echo "or name others: make KDIR=/path/to/linux-headers-VERSION,"; \
	echo "or run 'make check' or 'make demo': they bring their own kernel."; \
	exit 1; } >&2
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

tools:				## the command failover and the daemon failoverd
	$(MAKE) -C tools

demo:				## a pair of firewalls in virtual machines, the active one is killed
	@selftests/demo

check:				## all tests; installs what they need (an hour without KVM)
	@selftests/check

check-quick:			## unit tests, fuzz smoke, lint and a strict build (3 minutes)
	@selftests/check --quick

selftest:			## only the kselftests, in a virtual machine (TESTS="nat.sh ...")
	@selftests/vm/deps
	@selftests/vm/run $(TESTS)

debug:				## only the kselftests on a debug kernel, in User Mode Linux
	@selftests/vm/deps
	@selftests/uml/run $(TESTS)

soak:				## takeovers in virtual time (TAKEOVERS=1000 SEED=1)
	@selftests/vm/deps
	@selftests/virtual/soak --takeovers $(or $(TAKEOVERS),1000) --seed $(or $(SEED),1)

sim:				## two units over a simulated network (RUNS=100000 SEED=1)
	@selftests/vm/deps
	@selftests/sim/run --runs $(or $(RUNS),100000) --seed $(or $(SEED),1)

churn:				## all classes come and go, then the tables are compared (MINUTES=10 SEED=1)
	@selftests/vm/deps
	@selftests/virtual/churn --minutes $(or $(MINUTES),10) --seed $(or $(SEED),1)

bench:				## beside no replication and conntrackd; a table and a plot
	@selftests/vm/deps
	@selftests/bench/run

bench-outage:			## outages, beside keepalived and conntrackd; a table
	@selftests/vm/deps
	@selftests/bench/outage

witness:			## the kernel's netfilter tests, with and without the module
	@selftests/vm/deps
	@selftests/witness/run

unit:				## only the unit tests of the pure files, on this host
	@selftests/unit/run

fuzz:				## only the fuzzers, a short run (FUZZ_SECONDS= for each)
	@selftests/fuzz/run $(FUZZ_SECONDS)

lint:				## only the static checks
	@selftests/lint/run

regen:				## generate the netlink family from its spec (KSRC= a kernel source)
	@src="$(KSRC)"; selftests/lint/regen "$${src:-$$(selftests/vm/source 6.12)}"

install: all			## install both; DESTDIR= and PREFIX= as usual
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_PATH=$(DESTDIR) modules_install
	$(MAKE) -C tools install

clean:				## remove what was built; the cache of kernels stays
	$(MAKE) -s -C tools clean
	$(MAKE) -s -C selftests clean
	find kmod . -maxdepth 1 \( -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '.*.cmd' -o -name modules.order \
		-o -name Module.symvers \) -delete
	rm -rf selftests/out kmod/compat/config.h

help:				## this list
	@awk -F ':.*## *' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: all module tools demo check check-quick selftest debug soak sim churn bench bench-outage witness unit fuzz lint regen install clean help
