/* SPDX-License-Identifier: ISC */
/* Names out of symbol tables, on their way into a report and a fingerprint. */
#include <stdlib.h>

#include "fuzz.h"
#include "symbol/demangle.h"
#include "symbol/funcname.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *name = fuzz_string(data, size), *clear = demangle(name);

	free(funcname_plain(name));
	free(funcname_plain(clear));
	funcname_has_arguments(clear);
	free(clear);
	fuzz_forget();
	return 0;
}
