#!/bin/sh
# SPDX-License-Identifier: ISC
# Variables of C++ programs with LLVM's libc++, for which gdb has no printers:
# their values are those that the sources say.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command clang++

# values FUNCTION: its variables, as lines of their own; in $TRASH/values.
values()
{
	core_of core ./prog || { fail "no core"; return 1; }
	snap got --locals core
	jq -r --arg f "$1" '.threads[0].frames[] | select(.function | startswith($f)) |
	    (.arguments[], .locals[]) | .name + " = " + .value' got |
	    sed 's/0x[0-9a-f]\{4,\}/ADDRESS/g' >values
}

# holds WHAT <expected: each line is one of the values.
holds()
{
	cat >expected
	is "$1" "$(grep -vxFf values expected)" ""
	ok "$1: $(wc -l <expected) of them" test "$(wc -l <expected)" -ge "$2"
}

# --- the library as it is

# all_of WHAT FLAGS...: classes.cc, made with them.
all_of()
{
	local what="$1"
	shift
	"$@" -g -w -o prog "$SRC/t/data/classes.cc" 2>cc.err || {
		skip 2 "no libc++: $what"
		return
	}
	values crash
	holds "$what" 45 <<-'EOV'
	rs = "hello"
	s = "arg"
	rv = std::vector of length 1, capacity 1 = {9}
	v = std::vector of length 3, capacity 3 = {1, 2, 3}
	ve = std::vector of length 0, capacity 0
	vs = std::vector of length 2, capacity 2 = {"a", "bb"}
	vb = std::vector<bool> of length 3, capacity 64 = {true, false, true}
	vm = std::vector of length 2, capacity 2 = {{m = 109 'm'}, {m = 109 'm'}}
	vv = std::vector of length 2, capacity 2 = {std::vector of length 1, capacity 1 = {1}, std::vector of length 2, capacity 2 = {2, 3}}
	up = std::unique_ptr<int> = {get() = ADDRESS}
	un = std::unique_ptr<int> = {get() = 0x0}
	ud = std::unique_ptr<ns::Derived> = {get() = 0x0}
	sh = std::shared_ptr<int> (use count 2, weak count 1) = {get() = ADDRESS}
	sn = std::shared_ptr<int> (empty) = {get() = 0x0}
	wp = std::weak_ptr<int> (use count 2, weak count 1) = {get() = ADDRESS}
	we = std::weak_ptr<int> (expired, weak count 1) = {get() = ADDRESS}
	me = std::map with 0 elements
	ms = std::map with 2 elements = {["one"] = 1, ["two"] = 2}
	mc = std::map with 2 elements = {[97 'a'] = std::vector of length 2, capacity 2 = {1, 2}, [98 'b'] = std::vector of length 0, capacity 0}
	mm = std::multimap with 2 elements = {[1] = 2, [1] = 3}
	st = std::set with 3 elements = {[0] = 1, [1] = 2, [2] = 3}
	um = std::unordered_map with 1 element = {[1] = "x"}
	us = std::unordered_set with 1 element = {[0] = "only"}
	msm = std::map with 1 element = {[107 'k'] = {c = 115 's', static wide = 1}}
	mca = std::map with 1 element = {[1] = {method = &virtual ns::Base::go()}}
	ssm = std::set with 1 element = {[0] = {c = 116 't', static wide = 1}}
	li = std::list with 2 elements = {[0] = 1, [1] = 2}
	lie = std::list with 0 elements
	lm = std::list with 1 element = {[0] = std::map with 1 element = {[1] = 2}}
	dq = std::deque with 3 elements = {1, 2, 3}
	dqe = std::deque with 0 elements
	ds = std::deque with 2 elements = {"front", "back"}
	tu = std::tuple containing = {[1] = 1, [2] = 99 'c', [3] = "tuple"}
	te = std::tuple containing = {[1] = {<No data fields>}, [2] = 2}
	va = std::variant<int, double, std::string> [index 1] = {2.5}
	vs2 = std::variant<int, double, std::string> [index 2] = {"variant"}
	ar = {__elems_ = {1, 2, 3}}
	op = std::optional<int> = {[contained value] = 4}
	on = std::optional<int> [no contained value]
	pr = {first = 1, second = "p"}
	sv = "view"
	at = std::atomic<int> = { 3 }
	longer = 'x' <repeats 200 times>...
	nul = "a\000b"
	none = ""
	ws = L"wide"
	u16 = u"u16"
	sa = {"q", "r"}
	sref = "arg"
	EOV
	like "$what: a map of many, in order" "$(grep '^mbig' values)" \
	    '^mbig = std::map with 300 elements = \{\[0] = 0, \[1] = 43, \[2] = 86, .*\[99] = [0-9]+\.\.\.\}$'
	like "$what: a deque of many" "$(grep '^dqbig' values)" \
	    '^dqbig = std::deque with 299 elements = \{1, 2, 3, .*, 200\.\.\.\}$'
}

all_of "as it is" clang++ -stdlib=libc++ -std=c++20 -O0
all_of "DWARF 4" clang++ -stdlib=libc++ -std=c++20 -O0 -gdwarf-4
# Nothing of the library's own strings may be used then.
all_of "a string's length at its end" clang++ -stdlib=libc++ -std=c++20 -O0 \
    -D_LIBCPP_ABI_ALTERNATE_STRING_LAYOUT -D_LIBCPP_DISABLE_EXTERN_TEMPLATE

# --- as it is since

clang++ -g -w -std=c++20 -O0 -o prog "$SRC/t/data/libcxx20.cc"
values main
holds "members alone, lengths of bits" 14 <<'EOV'
brief = "brief"
none = ""
full = "0123456789012345678901"
distant = "long"
wide = u"wide"
brief2 = "other"
distant2 = "long e"
v = std::vector of length 3, capacity 4 = {1, 2, 3}
up = std::unique_ptr<int> = {get() = ADDRESS <numbers>}
st = std::set with 3 elements = {[0] = 97 'a', [1] = 98 'b', [2] = 99 'c'}
mp = std::map with 1 element = {[107 'k'] = 118 'v'}
us = std::unordered_set with 2 elements = {[0] = 7, [1] = 8}
li = std::list with 1 element = {[0] = 9}
dq = std::deque with 2 elements = {10, 11}
EOV
like "bits of two words" "$(grep '^vb = ' values)" \
    '^vb = std::vector<bool> of length 65, capacity 128 = \{true, false, true, false, .*, false, true\}$'
for name in broken mad mad2; do
	like "what is not as it should be has its members: $name" \
	    "$(grep "^$name = " values)" "^$name = \{.*__"
done
finish
