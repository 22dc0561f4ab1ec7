/* SPDX-License-Identifier: ISC */
/* One instruction: what is said of it must be possible. */
#include <stdlib.h>

#include "fuzz.h"
#include "target/insn_x86.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *exact;
	struct insn in;

	if (size < 2)
		return 0;
	exact = fuzz_exact(data + 1, size - 1);
	if (insn_decode(exact, size - 1, data[0] & 1, &in) == 0 &&
	    (in.length > size - 1 || in.base < INSN_RIP || in.base > 15 ||
	    in.index < INSN_NONE || in.index > 15 || (in.scale != 1 &&
	    in.scale != 2 && in.scale != 4 && in.scale != 8) ||
	    in.size > 4096))
		abort();
	free(exact);
	return 0;
}
