#!/bin/sh
# SPDX-License-Identifier: ISC
# Variables of other languages than C: arrays that begin at 1, columns first,
# and are elsewhere; strings without a NUL; variants. What compilers write of
# them is made by hand, and by those that are here.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command cc
test "$(getconf LONG_BIT)" = 64 || skip_all "the addresses have 64 bits"

# value NAME: of the crashed function's frame or the next ones'.
value()
{
	jq -r --arg n "$1" '[.threads[0].frames[] | (.arguments[]?,
	    .locals[]?) | select(.name == $n).value][0]' got
}

# --- by hand

cat >by-hand.c <<'EOC'
struct { char tag; int value[2]; } circle = { 1, { 7, 8 } },
    other = { 9, { 7, 8 } };
struct { int *data; long upper; } described, absent;
int elements[3] = { 4, 5, 6 };
int columns[6] = { 1, 2, 3, 4, 5, 6 };
char letters[] = "abcdef";
long letters_len = 4;
int small = 3;
int main(void)
{
	described.data = elements;
	described.upper = 3;
	*(volatile int *)1 = 1;
}
EOC
# die NUMBER; text "STRING"; expression BYTES...; address SYMBOL
cat >dwarf.s <<'EOS'
	.macro text s
	.asciz "\s"
	.endm
	.macro attr at form
	.uleb128 \at, \form
	.endm
	.macro abbrev number tag children
	.uleb128 \number, \tag
	.byte \children
	.endm
	.macro end
	.byte 0, 0
	.endm
	.macro variable s type symbol
	.uleb128 3
	text "\s"
	.long \type - unit
	.uleb128 9
	.byte 0x03
	.quad \symbol
	.endm

	.section .debug_abbrev, "", %progbits
	abbrev 1 0x11 1
	attr 0x13 0x0b		# language
	attr 0x11 0x01		# low_pc
	attr 0x12 0x06		# high_pc
	end
	abbrev 2 0x2e 1
	attr 0x03 0x08		# name
	attr 0x11 0x01
	attr 0x12 0x06
	end
	abbrev 3 0x34 0		# a variable
	attr 0x03 0x08
	attr 0x49 0x13		# type
	attr 0x02 0x18		# location
	end
	abbrev 4 0x24 0		# a base type
	attr 0x03 0x08
	attr 0x0b 0x0b		# byte_size
	attr 0x3e 0x0b		# encoding
	end
	abbrev 5 0x13 1		# a structure
	attr 0x03 0x08
	attr 0x0b 0x0b
	end
	abbrev 6 0x33 1		# a variant part
	attr 0x15 0x13		# discr
	end
	abbrev 7 0x0d 0		# a member without a name
	attr 0x49 0x13
	attr 0x38 0x0b		# data_member_location
	end
	abbrev 8 0x19 1		# a variant
	attr 0x16 0x0b		# discr_value
	end
	abbrev 9 0x19 1		# that of all other values
	end
	abbrev 10 0x0d 0
	attr 0x03 0x08
	attr 0x49 0x13
	attr 0x38 0x0b
	end
	abbrev 11 0x12 0	# a string
	attr 0x0b 0x0b
	end
	abbrev 12 0x12 0
	attr 0x19 0x18		# string_length
	end
	abbrev 13 0x01 1	# an array
	attr 0x49 0x13
	attr 0x50 0x18		# data_location
	attr 0x4e 0x18		# allocated
	end
	abbrev 14 0x21 0
	attr 0x2f 0x18		# upper_bound
	end
	abbrev 15 0x01 1
	attr 0x49 0x13
	end
	abbrev 16 0x21 0
	attr 0x2f 0x0b
	end
	abbrev 17 0x21 0	# a range of its own
	attr 0x49 0x13
	end
	.byte 0

	.section .debug_info, "", %progbits
unit:	.long unit_end - unit - 4
	.value 4
	.long 0
	.byte 8
	.uleb128 1
	.byte 0x0e		# Fortran 95
	.quad main
	.long 64
	.uleb128 2
	text main
	.quad main
	.long 64
	variable circle, shape, circle
	variable other, shape, other
	variable described, array, described
	variable absent, array, absent
	variable columns, grid, columns
	variable fixed, string, letters
	variable counted, counted, letters
	variable small, range, small
	.byte 0
int:	.uleb128 4
	text int
	.byte 4, 5
byte:	.uleb128 4
	text byte
	.byte 1, 7
nothing: .uleb128 4
	text "()"
	.byte 0, 7
shape:	.uleb128 5
	text shape
	.byte 12
	.uleb128 6
	.long tag - unit
tag:	.uleb128 7
	.long byte - unit
	.byte 0
	.uleb128 8
	.byte 1
	.uleb128 10
	text circle
	.long int - unit
	.byte 4
	.byte 0
	.uleb128 9
	.uleb128 10
	text otherwise
	.long int - unit
	.byte 8
	.uleb128 10
	text unit
	.long nothing - unit
	.byte 0
	.byte 0
	.byte 0
	.byte 0
array:	.uleb128 13
	.long int - unit
	.byte 2, 0x97, 0x06
	.byte 2, 0x97, 0x06
	.uleb128 14
	.byte 4, 0x97, 0x23, 8, 0x06
	.byte 0
grid:	.uleb128 15
	.long int - unit
	.uleb128 16
	.byte 2
	.uleb128 16
	.byte 3
	.byte 0
string:	.uleb128 11
	.byte 3
counted: .uleb128 12
	.byte 9, 0x03
	.quad letters_len
range:	.uleb128 17
	.long int - unit
	.byte 0
unit_end:
	.section .note.GNU-stack, "", %progbits
EOS
if cc -O0 -w -o by-hand by-hand.c dwarf.s 2>cc.err && core_of core ./by-hand
then
	snap got --locals core
	is "a variant, by its number" "$(value circle)" "{circle = 7}"
	is "and that of all others" "$(value other)" \
	    "{otherwise = 8, unit = ()}"
	is "an array that is elsewhere" "$(value described)" "{4, 5, 6}"
	is "or nowhere" "$(value absent)" "<not allocated>"
	is "columns first, from 1 on" "$(value columns)" \
	    "{{1, 2}, {3, 4}, {5, 6}}"
	is "a string of its type's length" "$(value fixed)" '"abc"'
	is "of a length that is kept" "$(value counted)" '"abcd"'
	is "of a range of numbers" "$(value small)" 3
	readelf -SW by-hand | sed -n 's/^ *\[ *[0-9]*\] //p' |
	    awk '$1 ~ /debug_(info|abbrev)$/ { print $4, $5 }' |
	    while read -r offset size; do
		echo "$((0x$offset)) $((0x$size))"
	done >ranges
	hammered "every byte of it" 400 bytes by-hand core-unwind --locals \
	    --timeout=5 --json core @ <ranges
else
	skip 12 "the assembler does not know it: $(head -n 1 cc.err)"
fi

# --- by compilers

cat >boom.c <<'EOC'
void boom(void) { *(volatile int *)1 = 1; }
EOC
cc -g -c boom.c

cat >arrays.f90 <<'EOF'
program arrays
  type pt
    integer :: x
    character(len=3) :: nm
  end type
  type owner
    integer, allocatable :: own(:)
  end type
  type(pt) :: p(2)
  type(owner), allocatable :: owners(:)
  integer :: grid(2, 3), low(-1:1)
  integer, allocatable :: al(:), none(:)
  interface
    subroutine boom() bind(c, name='boom')
    end subroutine
  end interface
  grid = reshape((/1, 2, 3, 4, 5, 6/), (/2, 3/))
  low = (/7, 8, 9/)
  p(1)%x = 1; p(1)%nm = 'abc'; p(2)%x = 2; p(2)%nm = 'de'
  allocate(al(2))
  al = (/10, 11/)
  allocate(owners(2))
  allocate(owners(1)%own(3))
  owners(1)%own = (/12, 13, 14/)
  call boom()
  if (allocated(none)) print *, none
end program
EOF
if command -v gfortran >/dev/null &&
    gfortran -g -o arrays arrays.f90 boom.o && core_of core ./arrays; then
	snap got --locals core
	is "Fortran: a grid" "$(value grid)" "{{1, 2}, {3, 4}, {5, 6}}"
	is "Fortran: from -1 on" "$(value low)" "{7, 8, 9}"
	is "Fortran: strings" "$(value p)" \
	    '{{x = 1, nm = "abc"}, {x = 2, nm = "de "}}'
	is "Fortran: allocated" "$(value al)" "{10, 11}"
	is "Fortran: not allocated" "$(value none)" "<not allocated>"
	is "Fortran: of arrays" "$(value owners)" \
	    "{{own = {12, 13, 14}}, {own = <not allocated>}}"
else
	skip 6 "no gfortran"
fi

cat >variants.rs <<'EOF'
enum Shape { Unit, Circle(f64), Rect { w: u32, h: u32 } }
extern "C" { fn boom(); }
fn main() {
    let (unit, circle) = (Shape::Unit, Shape::Circle(1.5));
    let rect = Shape::Rect { w: 1, h: 2 };
    let (some, none): (Option<i32>, Option<&i32>) = (Some(4), None);
    let bad: Result<i32, u8> = Err(7);
    let nothing = ();
    unsafe { boom() };
    for s in [unit, circle, rect] {
        match s { Shape::Circle(r) => println!("{r}"),
            Shape::Rect { w, h } => println!("{w}{h}"), _ => () }
    }
    println!("{:?}{:?}{:?}{:?}", some, none, bad, nothing);
}
EOF
if command -v rustc >/dev/null && rustc -g -C link-arg=boom.o -o variants \
    variants.rs 2>rustc.err && core_of core ./variants; then
	snap got --locals core
	is "Rust: one without more" "$(value unit)" \
	    "{Unit = {<No data fields>}}"
	is "Rust: a tuple's" "$(value circle)" "{Circle = {__0 = 1.5}}"
	is "Rust: a structure's" "$(value rect)" "{Rect = {w = 1, h = 2}}"
	is "Rust: Some" "$(value some)" "{Some = {__0 = 4}}"
	is "Rust: None" "$(value none)" "{None = {<No data fields>}}"
	like "Rust: Err" "$(value bad)" '^\{Err = \{__0 = 7 '
	is "Rust: nothing" "$(value nothing)" "()"
else
	skip 7 "no rustc"
fi
finish
