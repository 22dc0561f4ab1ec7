/* SPDX-License-Identifier: ISC */
#include "funcname.h"

#include <string.h>

#include "xalloc.h"

/* Arguments, the return type and template arguments go. */
static char *
strip_signature(const char *name)
{
	/* Nothing grows but "<>", which becomes "<T>". */
	char *out = xmalloc(2 * strlen(name) + 1), *p = out;
	int angle = 0, round = 0;

	for (const char *s = name; *s != '\0'; s++) {
		static const char anonymous[] = "(anonymous namespace)";

		if (strncmp(s, "operator", 8) == 0 && angle == 0 &&
		    round == 0) {
			size_t n = 8 + strspn(s + 8, "<>=!+-*/%^&|~[]");

			if (strncmp(s + 8, "()", 2) == 0)
				n = 10;
			memcpy(p, s, n);
			p += n;
			s += n - 1;
		} else if (strncmp(s, anonymous, sizeof anonymous - 1) == 0) {
			if (angle == 0 && round == 0) {
				memcpy(p, s, sizeof anonymous - 1);
				p += sizeof anonymous - 1;
			}
			s += sizeof anonymous - 2;
		} else if (*s == '<' && s != name) {
			if (angle++ == 0 && round == 0) {
				memcpy(p, "<T>", 3);
				p += 3;
			}
		} else if (*s == '>' && angle > 0)
			angle--;
		else if (*s == '(' && s != name)
			round++;
		else if (*s == ')' && round > 0)
			round--;
		else if (strncmp(s, " [clone", 7) == 0)
			break;
		else if (*s == ' ' && angle == 0 && round == 0) {
			/* A return type ended; "const" after the arguments
			   ends the name. Names without arguments have no
			   return type: JavaScript's may have spaces. */
			if (s != name && s[-1] == ')')
				break;
			if (strchr(s, '(') != NULL)
				p = out;
			else
				*p++ = *s;
		} else if (angle == 0 && round == 0)
			*p++ = *s;
	}
	*p = '\0';
	if (strncmp(out, "__GI_", 5) == 0)
		memmove(out, out + 5, strlen(out + 5) + 1);
	return out;
}

/* __memcpy_avx_unaligned_erms is memcpy on another machine. */
static void
strip_variant(char *name)
{
	static const char *const marks[] = {
		"_sse", "_avx", "_evex", "_erms", "_ssse", "_ia32", "_sve",
		"_neon", "_generic"
	};

	if (strncmp(name, "__mem", 5) != 0 && strncmp(name, "__str", 5) != 0 &&
	    strncmp(name, "__wcs", 5) != 0 && strncmp(name, "__wmem", 6) != 0)
		return;
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		char *at = strstr(name, marks[i]);

		if (at != NULL && at > name + 4) {
			*at = '\0';
			memmove(name, name + 2, strlen(name + 2) + 1);
			return;
		}
	}
}

/* main.cold, parse.part.0, f.isra.0; but Go's runtime.main stays. */
static void
strip_clone(char *name)
{
	static const char *const marks[] = {
		".cold", ".part.", ".isra.", ".constprop.", ".lto_priv",
		".llvm."
	};
	char *dot;

	for (dot = strchr(name, '.'); dot != NULL; dot = strchr(dot + 1, '.'))
		for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
			if (dot != name &&
			    strncmp(dot, marks[i], strlen(marks[i])) == 0) {
				*dot = '\0';
				return;
			}
}

char *
funcname_plain(const char *name)
{
	char *plain = strip_signature(name);

	strip_clone(plain);
	strip_variant(plain);
	return plain;
}

int
funcname_has_arguments(const char *name)
{
	static const char anonymous[] = "(anonymous namespace)";
	const char *open;

	while ((open = strchr(name, '(')) != NULL) {
		if (strncmp(open, anonymous, sizeof anonymous - 1) != 0)
			return 1;
		name = open + sizeof anonymous - 1;
	}
	return 0;
}
