#!/bin/sh
# SPDX-License-Identifier: ISC
# Variables of C++ programs, as gdb has them with the printers of the C++
# library. t/helper/locals-compare.py says what may differ.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command python3 g++

agrees 75 classes.cc g++ -std=c++20 -O0
agrees 75 classes.cc g++ -std=c++20 -O1
agrees 75 classes.cc g++ -std=c++20 -O0 -gdwarf-4 -fdebug-types-section
agrees 75 classes.cc clang++ -std=c++20 -O0 -gdwarf-4 -fstandalone-debug
agrees 75 classes.cc clang++ -std=c++20 -O0 -m32 -fstandalone-debug
agrees 16 references.cc g++ -O2
agrees 16 references.cc g++ -O2 -gdwarf-4
agrees 16 references.cc clang++ -O2
finish
