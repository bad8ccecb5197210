#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs a test of the kernel that is a program in a namespace of its own.
# shellcheck disable=SC2154 # ns: setup_ns makes it
# shellcheck source=/dev/null
source lib.sh

trap cleanup_all_ns EXIT
setup_ns ns
ip netns exec "$ns" "./$1"
