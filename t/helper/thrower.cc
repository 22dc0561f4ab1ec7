// SPDX-License-Identifier: ISC
// thrower: an exception that nobody catches, thrown under a member function, a
// template, a lambda and a function of an unnamed namespace.
#include <stdexcept>
#include <string>
#include <vector>

#define KEEP	__attribute__((noinline))
#define STAY()	__asm__ volatile("" ::: "memory")

namespace volume {

struct disk_full : std::runtime_error {
	using std::runtime_error::runtime_error;
};

class writer {
public:
	KEEP void
	flush(const std::string &name)
	{
		throw disk_full("disk quota exceeded for volume " + name);
	}
};

template <typename T> KEEP void
each(const std::vector<T> &names, writer &w)
{
	for (const T &name : names)
		w.flush(name);
	STAY();
}

} // namespace volume

namespace {

KEEP void
hidden(volume::writer &w)
{
	auto run = [&w](int n) KEEP {
		volume::each<std::string>({ std::to_string(n) }, w);
		STAY();
	};
	run(7);
	STAY();
}

} // namespace

int
main()
{
	volume::writer w;

	hidden(w);
	return 0;
}
