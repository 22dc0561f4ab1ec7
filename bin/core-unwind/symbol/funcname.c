/* SPDX-License-Identifier: ISC */
#include "symbol/funcname.h"

#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

/* How many bytes from the bracket at S to the end of its partner's. */
static size_t
bracketed(const char *s)
{
	const char *pairs = "<>(){}[]";
	int depth = 0;
	size_t n;

	for (n = 0; s[n] != '\0'; n++) {
		const char *at = strchr(pairs, s[n]);

		/* "->" closes nothing. */
		if (at == NULL || (s[n] == '>' && n > 0 && s[n - 1] == '-'))
			continue;
		depth += (at - pairs) % 2 == 0 ? 1 : -1;
		if (depth == 0)
			return n + 1;
	}
	return n;
}

/*
 * Functions without a name are numbered by each compiler in a way of its own:
 * {lambda(int)#1}, $_0, <lambda(int)>, {closure#0}, {{closure}}.
 */
static char *
strip_numbers(const char *name)
{
	static const struct { const char *begin, *plain; } kinds[] = {
		{ "{lambda", "{lambda}" }, { "<lambda", "{lambda}" },
		{ "$_", "{lambda}" }, { "{closure", "{closure}" },
		{ "{{closure", "{closure}" }
	};
	size_t room = 4 * strlen(name) + 1;
	char *out = xmalloc(room), *p = out;

	while (*name != '\0') {
		size_t i, n = 0;

		for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
			if (strncmp(name, kinds[i].begin,
			    strlen(kinds[i].begin)) == 0)
				break;
		if (i == sizeof kinds / sizeof kinds[0]) {
			*p++ = *name++;
			continue;
		}
		n = name[0] == '$' ? 2 + strspn(name + 2, "0123456789") :
		    bracketed(name);
		name += n;
		memcpy(p, kinds[i].plain, strlen(kinds[i].plain));
		p += strlen(kinds[i].plain);
	}
	*p = '\0';
	return out;
}

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
			/* operator new, operator bool. */
			if (s[8] == ' ')
				n += strcspn(s + 8, "(<");
			memcpy(p, s, n);
			p += n;
			/* operator<< <char>. */
			s += n - 1 + (s[n] == ' ' && s[n + 1] == '<');
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
		else if (*s == '(' && s != name && s[-1] == '.' &&
		    angle == 0 && round == 0) {
			/* Go's main.(*shelf).get. */
			size_t n = bracketed(s);

			memcpy(p, s, n);
			p += n;
			s += n - 1;
		} else if (*s == '(' && s != name)
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

/* Rust's generic arguments are told by one of its two manglings only. */
static void
strip_turbofish(char *name)
{
	char *to = name;

	for (; *name != '\0'; name++) {
		if (strncmp(name, "::<T>", 5) == 0)
			name += 4;
		else
			*to++ = *name;
	}
	*to = '\0';
}

static char *plain_part(const char *name);

/* Rust: <shelf::Book as core::fmt::Display>::fmt, <shelf::Book>::open. */
static char *
plain_impl(const char *name)
{
	size_t n = bracketed(name), depth = 0;
	char *inside, *as = NULL, *type, *trait, *rest, *out;

	if (name[n - 1] != '>' || strncmp(name + n, "::", 2) != 0)
		return NULL;
	inside = xstrndup(name + 1, n - 2);
	for (char *p = inside; *p != '\0'; p++) {
		depth += (size_t)(*p == '<' || *p == '(');
		depth -= (size_t)((*p == '>' || *p == ')') && depth > 0 &&
		    (p == inside || p[-1] != '-'));
		if (depth == 0 && strncmp(p, " as ", 4) == 0)
			as = p;
	}
	if (as != NULL)
		*as = '\0';
	type = plain_part(inside);
	trait = as == NULL ? NULL : plain_part(as + 4);
	rest = plain_part(name + n + 2);
	out = trait == NULL ? xasprintf("%s::%s", type, rest) :
	    xasprintf("<%s as %s>::%s", type, trait, rest);
	free(inside);
	free(type);
	free(trait);
	free(rest);
	return out;
}

static char *
plain_part(const char *name)
{
	char *plain = strip_signature(name);

	strip_turbofish(plain);
	return plain;
}

char *
funcname_plain(const char *name)
{
	char *calm = strip_numbers(name);
	char *plain = calm[0] == '<' ? plain_impl(calm) : NULL;

	if (plain == NULL)
		plain = plain_part(calm);
	free(calm);
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
