// SPDX-License-Identifier: ISC
// C++: classes with bases of every kind, references, pointers to members, and
// what the standard library keeps things in.
#include <array>
#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#define KEEP __attribute__((noinline))

namespace ns {

enum class Kind { One = 1, Two };
enum Old { OA, OB };

struct Base {
	int b = 1;
	static int shared;
	static const int constant = 4;
	virtual ~Base() {}
	virtual void go() {}
};
int Base::shared = 3;

struct Mix {
	char m = 'm';
};

struct Empty {
};

struct Derived : Base, Mix, private Empty {
	double d = 2;
	Kind k = Kind::Two;
	unsigned f : 3;
	std::string name = "derived";
	Derived() : f(6) {}
	void go() override;
	void other(int) {}
};

struct Virtual : virtual Base {
	int v = 5;
};

struct Left : virtual Base {
	int l = 6;
};

struct Right : virtual Base {
	int r = 7;
};

/* It has its virtual base once, but a member has another. */
struct Diamond : Left, Right {
	Left member;
	int d = 8;
};

enum class Signed : signed char { Minus = -1, Zero };

struct Bits {
	Signed s : 2;
	Kind k : 2;
};

template <class T, int N> struct Template {
	T t[N];
};

class Private {
	int x = 1;
protected:
	int y = 2;
};

/* A static member has no room in it, and a pointer to a method is two words. */
struct Small {
	char c;
	static const long wide = 1;
	bool operator<(const Small &o) const { return c < o.c; }
};
struct Calls {
	void (Base::*method)();
};

namespace {
struct Hidden {
	int h = 3;
};
}

KEEP void
die(int n)
{
	struct Local { int l; Kind k; } local = { n, Kind::Two };

	__asm__ volatile("" :: "r" (&local) : "memory");
	*(volatile int *)0 = local.l;
}

KEEP void
Derived::go()
{
	const char *where = "in go";

	die(f + (where != nullptr));
}

}

static int
function(int x)
{
	return x;
}

KEEP static void
crash(const std::string &rs, std::string s, std::vector<int> &rv, int &ri,
    ns::Derived &rd, int &&rr, ns::Kind k, const ns::Base *bp, std::string *sp)
{
	std::vector<int> v{1, 2, 3}, ve;
	std::vector<std::string> vs{"a", "bb"};
	std::vector<bool> vb{true, false, true};
	std::vector<ns::Mix> vm(2), vmany(30);
	std::vector<std::vector<int>> vv{{1}, {2, 3}};
	std::unique_ptr<int> up(new int(5)), un;
	std::unique_ptr<ns::Derived> ud;
	std::shared_ptr<int> sh = std::make_shared<int>(7), sh2 = sh, sn;
	std::weak_ptr<int> wp = sh, we = std::make_shared<int>(8);
	std::map<int, int> me, mbig;
	std::map<std::string, double> ms{{"one", 1}, {"two", 2}};
	std::map<char, std::vector<int>> mc{{'a', {1, 2}}, {'b', {}}};
	std::multimap<int, short> mm{{1, 2}, {1, 3}};
	std::set<int> st{3, 1, 2};
	std::unordered_map<int, std::string> um{{1, "x"}};
	std::unordered_set<std::string> us{"only"};
	std::map<char, ns::Small> msm{{'k', {'s'}}};
	std::map<int, ns::Calls> mca{{1, {&ns::Base::go}}};
	std::set<ns::Small> ssm{{'t'}};
	std::list<int> li{1, 2}, lie;
	std::list<std::map<int, int>> lm{{{1, 2}}};
	std::deque<int> dq{1, 2, 3}, dqbig, dqe;
	std::deque<std::string> ds{"front", "back"};
	std::tuple<int, char, std::string> tu{1, 'c', "tuple"};
	std::tuple<ns::Empty, int> te(ns::Empty(), 2);
	std::variant<int, double, std::string> va = 2.5, vs2 = "variant";
	std::array<int, 3> ar{1, 2, 3};
	std::optional<int> op = 4, on;
	std::pair<int, std::string> pr{1, "p"};
	std::string_view sv = "view";
	std::function<int(int)> fu = function;
	std::atomic<int> at{3};
	std::mutex mx;
	ns::Virtual vbase;
	ns::Diamond diamond;
	ns::Bits bits{ns::Signed::Minus, ns::Kind::Two};
	int (&fref)(int) = function;
	struct { long table = 0; int uses = -5, weak = 7; } block;
	struct { void *p = nullptr; void *counts; } raw{nullptr, &block};
	std::shared_ptr<int> &odd = reinterpret_cast<std::shared_ptr<int> &>(raw);
	__asm__ volatile("" :: "r" (&block), "r" (&raw) : "memory");
	ns::Template<int, 2> tp{{1, 2}};
	ns::Private priv;
	ns::Empty em;
	ns::Hidden hidden;
	int ns::Base::*pm = nullptr, ns::Base::*pmb = &ns::Base::b;
	void (ns::Derived::*pf)(int) = &ns::Derived::other;
	void (ns::Base::*pfv)() = &ns::Base::go;
	auto lambda = [&ri, v](int q) { return q + ri + v[0]; };
	std::string longer(300, 'x'), nul("a\0b", 3), none;
	std::wstring ws = L"wide";
	std::u16string u16 = u"u16";
	const ns::Old old = ns::OB;
	ns::Old olds[2] = {ns::OA, ns::OB};
	std::byte by{7};
	ns::Derived dd;
	const ns::Derived &rdd = dd;
	std::string sa[2] = {"q", "r"}, &sref = s;
	int (&arrref)[3] = *(int (*)[3])v.data();
	void (*fp)(int) = nullptr;

	for (int i = 0; i < 300; i++) {
		mbig[i * 7 % 300] = i;
		dqbig.push_back(i);
	}
	dqbig.pop_front();
	rd.go();
	lambda(s.size() + rs.size() + rv.size() + rr + (int)k + bp->b +
	    sp->size());
}

int
main()
{
	std::string s = "hello";
	std::vector<int> v{9};
	int i = 4;
	ns::Derived d;

	crash(s, "arg", v, i, d, 8, ns::Kind::Two, &d, &s);
}
