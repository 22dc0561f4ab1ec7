#!/bin/sh
# SPDX-License-Identifier: ISC
# core-unwind against gdb on a C++ executable of about 200 MiB with full debug
# information, made for it: UNITS files (110) full of the standard library's
# templates, each called through the one before. Time and peak memory, both
# with file, line and inlined calls.
. "$(dirname "$0")/lib.sh"
need_root
need gdb
need g++
rounds=${ROUNDS:-5}
units=${UNITS:-110}

# A unit's templates are its own: nothing is shared but what the library has.
unit()
{
	cat <<-EOT
	#include <algorithm>
	#include <functional>
	#include <map>
	#include <memory>
	#include <numeric>
	#include <regex>
	#include <set>
	#include <sstream>
	#include <string>
	#include <unordered_map>
	#include <variant>
	#include <vector>
	int unit$(($1 + 1))(int, volatile int *);
	namespace part$1 {
	template <int N> struct Node {
		using Item = std::variant<int, std::string,
		    std::shared_ptr<Node<N>>>;
		std::map<std::string, std::vector<Item>> children;
		int value = N;
	};
	template <int N>
	int walk(const Node<N> &node, std::function<int(int)> f)
	{
		int sum = f(node.value);
		for (const auto &[name, list] : node.children)
			for (const auto &item : list)
				if (auto *text = std::get_if<std::string>(&item))
					sum += (int)text->size();
		return sum;
	}
	int run(int depth, volatile int *at)
	{
		std::regex expression("(a|b)+[0-9]{2,$(($1 + 2))}");
		std::unordered_map<std::string, std::set<int>> seen;
		std::ostringstream out;
		std::vector<int> v(10 + $1);
		Node<$1> root;
		root.children["a"].push_back(std::string("text"));
		seen["b"].insert(depth);
		out << std::regex_replace(std::string("ab12"), expression, "c");
		std::iota(v.begin(), v.end(), 0);
		std::sort(v.begin(), v.end(), [](int a, int b) {
			return a * 7 % 11 < b * 7 % 11; });
		return walk<$1>(root, [&](int x) {
			return std::accumulate(v.begin(), v.end(),
			    unit$(($1 + 1))(depth + x, at)) +
			    (int)(seen.size() + out.str().size()); });
	}
	}
	int unit$1(int depth, volatile int *at)
	{
		return part$1::run(depth, at);
	}
	EOT
}

build()
{
	n=0
	while test "$n" -lt "$units"; do
		unit "$n" >unit.cc
		g++ -std=c++17 -g -O1 -c -o "unit$n.o" unit.cc || return
		n=$((n + 1))
	done
	cat >main.cc <<-EOT
	int unit0(int, volatile int *);
	int unit$units(int depth, volatile int *at) { return *at = depth; }
	int main() { return unit0(0, nullptr); }
	EOT
	g++ -g -o big main.cc unit[0-9]*.o && rm -f unit[0-9]*.o
}

# BIG names one that was made before: it takes minutes.
if test -n "${BIG-}"; then
	ln -s "$BIG" big
else
	build || exit
fi
arm_file
# shellcheck disable=SC3045 # dash, bash and busybox have it
(ulimit -c unlimited && exec ./big) >/dev/null 2>&1
mv "$ARMED"/core.* core || exit
give_back

# time(1) of GNU, for its %M: KiB.
core_unwind()
{
	/usr/bin/time -a -o core_unwind.kb -f %M \
	    core-unwind --json -o core_unwind.out core big
}
gdb_bt()
{
	/usr/bin/time -a -o gdb_bt.kb -f %M gdb -batch -nx \
	    -iex 'set debuginfod enabled off' -iex 'set width 0' \
	    -ex bt big core >gdb_bt.out 2>&1 </dev/null
}

core_unwind || { echo "${0##*/}: core-unwind: status $?"; exit 1; }
gdb_bt
rounds "$rounds" core_unwind gdb_bt
size=$(stat -L -c %s big)
echo "$((size >> 20)) MiB of C++:" \
    "$(jq '.threads[0].frames | length' core_unwind.out) frames," \
    "gdb $(grep -c '^#' gdb_bt.out)"
ratio "core-unwind against gdb, $((size >> 20)) MiB of C++" \
    "$(median core_unwind.ms)" "$(median gdb_bt.ms)" 10
ratio "its peak memory (KiB for ms)" "$(median core_unwind.kb)" \
    "$(median gdb_bt.kb)" 4
