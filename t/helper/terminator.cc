// SPDX-License-Identifier: ISC
// terminator MODE: ends by std::terminate(), in the way that MODE says.
#include <cstring>
#include <exception>
#include <filesystem>
#include <new>
#include <string>
#include <thread>
#include <vector>

#define KEEP	__attribute__((noinline))

namespace {

struct shape {
	shape() { ask(); }
	virtual ~shape() {}
	KEEP void ask() { area(); }
	virtual void area() = 0;
};

struct square : shape {
	void area() override {}
};

struct silent {
	long a = 1, b = 2;
};

struct both : silent, std::runtime_error {
	both() : std::runtime_error("told by the second base") {}
};

KEEP void
thrower(const char *how)
{
	std::string text("a string that is longer than sixteen bytes");

	if (strcmp(how, "int") == 0)
		throw 42;
	if (strcmp(how, "chars") == 0)
		throw "plain characters";
	if (strcmp(how, "string") == 0)
		throw text;
	if (strcmp(how, "silent") == 0)
		throw silent();
	if (strcmp(how, "derived") == 0)
		throw std::filesystem::filesystem_error("no such shelf",
		    std::make_error_code(std::errc::io_error));
	if (strcmp(how, "memory") == 0)
		throw std::bad_alloc();
	if (strcmp(how, "bytes") == 0)
		throw std::runtime_error("bell \a and byte \xff");
	if (strcmp(how, "kept") == 0) {
		std::exception_ptr kept;

		try {
			throw std::runtime_error("kept for later");
		} catch (...) {
			kept = std::current_exception();
		}
		std::rethrow_exception(kept);
	}
}

KEEP void
promised(const char *how) noexcept
{
	thrower(how);
	__asm__ volatile("" ::: "memory");
}

} // namespace

int
main(int argc, char **argv)
{
	if (argc != 2)
		return 100;
	if (strcmp(argv[1], "pure") == 0)
		square s;
	else if (strcmp(argv[1], "noexcept") == 0)
		promised("int");
	else if (strcmp(argv[1], "plain") == 0)
		std::terminate();
	else if (strcmp(argv[1], "thread") == 0)
		std::thread t([] { std::this_thread::sleep_for(
		    std::chrono::seconds(60)); });
	else
		thrower(argv[1]);
	return 0;
}
