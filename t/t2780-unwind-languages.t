#!/bin/sh
# SPDX-License-Identifier: ISC
# Programs in Rust and Go: names, the text of the panic, and a fingerprint of
# what is the program's own. Each needs its compiler.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb

core_at=SIGABRT
# panics NAME COMMAND...
panics()
{
	core_of "$1.core" "$@" && snap "$1" "$1.core"
}

rust()
{
	cat >shelf.rs <<-'EOR'
	#[inline(never)] fn look(v: &[i32], i: usize) -> i32 { v[i] }
	#[inline(never)] fn heap(v: Vec<i32>, i: usize) -> i32 { v[i] }
	#[inline(never)] fn open(r: Result<i32, String>) -> i32 { r.unwrap() }
	#[inline(never)] fn empty(n: i32) { panic!("shelf {} is empty", n) }
	#[inline(never)] fn plain() { panic!("nothing to format here") }
	struct Book(i32);
	trait Fall { fn fall(&self); }
	impl Fall for Book {
	    #[inline(never)] fn fall(&self) { empty(self.0) }
	}
	fn main() {
	    let m = std::env::args().nth(1).unwrap();
	    match m.as_str() {
	        "equal" => assert_eq!(m.len(), 3, "lengths"),
	        "abort" => std::process::abort(),
	        "vector" => println!("{}", heap(vec![1; 3], m.len())),
	        "index" => println!("{}", look(&[1, 2, 3], m.len())),
	        "unwrap" => println!("{}", open(Err("on fire".to_string()))),
	        "format" => Book(m.len() as i32).fall(),
	        "plain" => plain(),
	        _ => {}
	    }
	}
	EOR
	rustc -g -C panic=abort -o "$@" shelf.rs >rustc.out 2>&1
}

# With one name each, the two have the same fingerprint.
if command -v rustc >/dev/null && rust shelf; then
	core_of core ./shelf index
	snap got core
	is "Rust: the panic's text and place" "$(get got .message)" \
	    'panicked at shelf.rs:1:56: index out of bounds: the len is 3 but the index is 5'
	like "the cause has it" "$(get got .cause)" '^Rust code panicked at '
	like "the signature is the program's" \
	    "$(get got .fingerprint.signature)" '^shelf::look \| shelf::main'
	core_of core ./shelf unwrap
	snap got core
	like "an unwrapped error" "$(get got .message)" \
	    'shelf.rs:3:.* called .Result::unwrap.*on fire'
	core_of core ./shelf plain
	snap got core
	core_of core ./shelf abort
	snap aborted core
	is "an abort is no panic" "$(get aborted .cause)" \
	    "std::process::abort() was called"
	core_of core ./shelf vector
	snap got core
	vector=$(get got .fingerprint.signature)
	core_of core ./shelf plain
	snap got core
	like "a literal" "$(get got .message)" ': nothing to format here$'
	core_of core ./shelf format
	snap got core
	like "a formatted one" "$(get got .message)" ': shelf 6 is empty$'
	like "a trait's method" "$(get got .fingerprint.signature)" \
	    '^shelf::empty \| <shelf::Book as shelf::Fall>::fall \| shelf::main$'
	legacy=$(get got .fingerprint.signature)
	rust shelf -C symbol-mangling-version=v0
	core_of core ./shelf format
	snap got core
	is "the other mangling names the same" \
	    "$(get got .fingerprint.signature | cut -d '|' -f 1-3 |
	    sed 's/ *$//')" "$legacy"
	core_of core ./shelf vector
	snap vectors core
	is "the index of a vector is the caller's" "$vector" \
	    "shelf::heap | shelf::main"
	is "in the other too" "$(get vectors .fingerprint.signature)" "$vector"
	unlike "nothing is mangled" "$(names got)" '(^| )_[RZ]'
	rust shelf -O
	core_of core ./shelf format
	snap got core
	like "optimised" "$(get got .fingerprint.signature)" '^shelf::empty \|'
	like "text, optimised" "$(get got .message)" ': shelf 6 is empty$'
	rust shelf -O -C symbol-mangling-version=v0
	core_of core ./shelf equal
	snap got core
	like "an assertion, optimised" "$(get got .message)" \
	    ': assertion .left == right. failed: lengths'
else
	skip 15 "no rustc"
fi

cat >shelf.go <<'EOG'
package main

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"unsafe"
)

type shelf struct{ n *int }

//go:noinline
func look(v []int, i int) int { return v[i] }

//go:noinline
func (s *shelf) deref() int { return *s.n }

//go:noinline
func fail(how string) { panic(how) }

func deep(n int) int {
	var room [100]int
	room[n%100] = n
	return deep(n+1) + room[3]
}

//go:noinline
func wild(at uintptr) { *(*int)(unsafe.Pointer(at)) = 1 }

func main() {
	switch os.Args[1] {
	case "literal":
		panic("a literal")
	case "number":
		panic(-17)
	case "deep":
		deep(0)
	case "wild":
		wild(0x123456780)
	case "index":
		fmt.Println(look([]int{1, 2, 3}, 5))
	case "nil":
		fmt.Println((&shelf{}).deref())
	case "error":
		panic(errors.New("disk on fire"))
	case "dead":
		var m sync.Mutex
		m.Lock()
		m.Lock()
	case "goroutine":
		done := make(chan bool)
		go func() { fail("in a goroutine"); done <- true }()
		<-done
	}
}
EOG
GOTRACEBACK=crash GO111MODULE=off GOCACHE=$TRASH/cache
export GOTRACEBACK GO111MODULE GOCACHE
if command -v go >/dev/null && go build -o goshelf shelf.go >go.out 2>&1; then
	core_of core ./goshelf index
	snap got core
	is "Go: an index" "$(get got .message)" \
	    'panic: runtime error: index out of range [5] with length 3'
	like "its frames are the runtime's and the program's" "$(names got)" \
	    'runtime.gopanic .*main.look main.main runtime.main runtime.goexit'
	is "its signature is the program's" \
	    "$(get got .fingerprint.signature)" 'main.look | main.main'
	core_of core ./goshelf nil
	snap got core
	like "a nil pointer" "$(get got .message)" 'nil pointer dereference'
	is "in a method" "$(get got .fingerprint.signature)" \
	    'main.(*shelf).deref | main.main'
	core_of core ./goshelf error
	snap got core
	is "an error" "$(get got .message)" 'panic: disk on fire'
	core_of core ./goshelf goroutine
	snap got core
	is "a goroutine's" "$(get got .message)" 'panic: in a goroutine'
	like "it is the one that is told" "$(names got)" \
	    'main.fail main.main.func1 runtime.goexit'
	core_of core ./goshelf literal
	snap got core
	is "a literal, which gdb's core has not" "$(get got .message)" \
	    'panic: a literal'
	core_of core ./goshelf number
	snap got core
	is "a number" "$(get got .message)" 'panic: -17'
	# The runtime dies on a stack of its own.
	core_at=SIGABRT core_of core ./goshelf wild
	snap got core
	is "a fault that is no null pointer's" "$(get got .message)" \
	    'fatal error: fault'
	like "the goroutine that the runtime died for" "$(names got)" \
	    'runtime.systemstack(_switch)? .*runtime.throw .*runtime.sigpanic main.wild main.main runtime.main runtime.goexit$'
	core_of core ./goshelf deep
	snap got core
	is "a stack overflow" "$(get got .cause)|$(get got .fingerprint.signature)" \
	    'Go fatal error: stack overflow|main.deep'
	core_of core ./goshelf dead
	snap got core
	is "a fatal error" "$(get got .message)" \
	    'fatal error: all goroutines are asleep - deadlock!'
else
	skip 14 "no Go compiler"
fi
finish
