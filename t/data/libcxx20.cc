// SPDX-License-Identifier: ISC
// The classes of libc++ 20 and later as they lie in memory, which keeps alone
// what older ones keep in pairs; and strings with their length in bit-fields (as
// since libc++ 15), in either layout. Made by hand, to be had without that
// library.
typedef unsigned long size_t;

namespace std {
inline namespace __1 {

template <class T> struct char_traits {};
template <class T> struct allocator {};
template <class T> struct default_delete {};
template <class K> struct less {};

template <class C, class T = char_traits<C>, class A = allocator<C>>
struct basic_string {
	struct __long {
		size_t __is_long_ : 1;
		size_t __cap_ : 63;
		size_t __size_;
		C *__data_;
	};
	struct __short {
		unsigned char __is_long_ : 1;
		unsigned char __size_ : 7;
		char __padding_[sizeof(C) - 1];
		C __data_[23 / sizeof(C)];
	};
	struct __rep {
		union {
			__short __s;
			__long __l;
		};
	};
	struct {
		__rep __rep_;
		[[no_unique_address]] A __alloc_;
	};
};

template <class T, class A = allocator<T>> struct vector {
	T *__begin_, *__end_;
	struct {
		T *__cap_;
		[[no_unique_address]] A __alloc_;
	};
};

template <class A> struct vector<bool, A> {
	size_t *__begin_, __size_;
	struct {
		size_t __cap_;
		[[no_unique_address]] A __alloc_;
	};
};

template <class T, class D = default_delete<T>> struct unique_ptr {
	struct {
		T *__ptr_;
		[[no_unique_address]] D __deleter_;
	};
};

struct __end_node {
	struct __node *__left_;
};
struct __node : __end_node {
	__node *__right_;
	__end_node *__parent_;
	bool __is_black_;
	__node() {}
};
template <class T> struct __tree_node : __node {
	T __value_;
};
template <class K, class C> struct __tree {
	__end_node *__begin_node_;
	struct {
		__end_node __end_node_;
		[[no_unique_address]] C __alloc_;
	};
	struct {
		size_t __size_;
		[[no_unique_address]] C __value_comp_;
	};
};
template <class K, class C = less<K>> struct set {
	__tree<K, C> __tree_;
};
template <class K, class V, class C = less<K>> struct map {
	__tree<K, C> __tree_;
};

struct __hash_node_base {
	__hash_node_base *__next_;
};
template <class T> struct __hash_node : __hash_node_base {
	size_t __hash_;
	T __value_;
};
template <class K> struct __hash_table {
	unique_ptr<__hash_node_base *> __bucket_list_;
	struct {
		__hash_node_base __first_node_;
	};
	struct {
		size_t __size_;
	};
};
template <class K> struct unordered_set {
	__hash_table<K> __table_;
};

struct __list_node_base {
	__list_node_base *__prev_, *__next_;
};
template <class T> struct __list_node : __list_node_base {
	T __value_;
};
template <class T> struct list {
	__list_node_base __end_;
	struct {
		size_t __size_;
	};
};

template <class T> struct deque {
	struct {
		T **__first_, **__begin_, **__end_;
		struct {
			T **__cap_;
		};
	} __map_;
	size_t __start_;
	struct {
		size_t __size_;
	};
};

}

// Another build's: the length is at the other end.
inline namespace __alt {

template <class C, class T = char_traits<C>, class A = allocator<C>>
struct basic_string {
	struct __long {
		C *__data_;
		size_t __size_;
		size_t __cap_ : 63;
		size_t __is_long_ : 1;
	};
	struct __short {
		C __data_[23 / sizeof(C)];
		char __padding_[sizeof(C) - 1];
		unsigned char __size_ : 7;
		unsigned char __is_long_ : 1;
	};
	struct __rep {
		union {
			__short __s;
			__long __l;
		};
	};
	__rep __rep_;
};

}
}

static char text[] = "long enough to be elsewhere";
static int numbers[4] = { 1, 2, 3, 4 };

int
main()
{
	std::__1::basic_string<char> brief, none, full, distant, broken;
	std::__1::basic_string<char16_t> wide;
	std::__alt::basic_string<char> brief2, distant2;
	std::vector<int> v = { numbers, numbers + 3, { numbers + 4 } };
	std::vector<int> mad = { numbers + 3, numbers, { numbers } };
	size_t words[2] = { 5, 1 };
	std::vector<bool> vb = { words, 65, { 2 } };
	std::unique_ptr<int> up = { { numbers } };
	std::__tree_node<char> tree[3];
	std::set<char> st = { { tree, { { tree + 1 } }, { 3 } } };
	struct pair { char first, second; };
	std::__tree_node<pair> leaf;
	std::map<char, char> mp = { { &leaf, { { &leaf } }, { 1 } } };
	std::__hash_node<int> hashed[2];
	std::unordered_set<int> us = { { {}, { { hashed } }, { 2 } } };
	std::__list_node<short> node;
	std::list<short> li = { { &node, &node }, { 1 } };
	int block[2][1024], *blocks[2] = { block[0], block[1] };
	std::deque<int> dq = { { blocks, blocks, blocks + 2, { blocks + 2 } },
	    1023, { 2 } };
	std::deque<int> mad2 = { { blocks, blocks, blocks + 1, {} }, 1, { 1024 } };

	brief.__rep_.__s = { 0, 5, {}, "brief" };
	none.__rep_.__s = { 0, 0, {}, "" };
	full.__rep_.__s = { 0, 22, {}, "0123456789012345678901" };
	distant.__rep_.__l = { 1, 16, 4, text };
	broken.__rep_.__s = { 0, 100, {}, "broken" };
	wide.__rep_.__s = { 0, 4, {}, u"wide" };
	brief2.__rep_.__s = { "other", {}, 5, 0 };
	distant2.__rep_.__l = { text, 6, 16, 1 };
	for (int i = 0; i < 3; i++)
		tree[i].__value_ = "abc"[i];
	tree[0].__left_ = tree[0].__right_ = nullptr;
	tree[2].__left_ = tree[2].__right_ = nullptr;
	tree[0].__parent_ = tree[2].__parent_ = tree + 1;
	tree[1].__left_ = tree;
	tree[1].__right_ = tree + 2;
	tree[1].__parent_ = &st.__tree_.__end_node_;
	leaf.__left_ = leaf.__right_ = nullptr;
	leaf.__parent_ = &mp.__tree_.__end_node_;
	leaf.__value_ = { 'k', 'v' };
	hashed[0].__next_ = hashed + 1;
	hashed[0].__value_ = 7;
	hashed[1].__next_ = nullptr;
	hashed[1].__value_ = 8;
	node.__prev_ = node.__next_ = &li.__end_;
	node.__value_ = 9;
	block[0][1023] = 10;
	block[1][0] = 11;
	*(volatile int *)0 = 0;
}
