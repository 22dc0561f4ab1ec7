/* SPDX-License-Identifier: ISC */
/*
 * core.zst: the zstd seekable format, version 0.1.0 (zstd source,
 * contrib/seekable_format/zstd_seekable_compression_format.md).
 *
 *	frame frame ... frame			independent zstd frames
 *	u32 ZSEEK_SKIPPABLE, u32 size		a skippable frame: zstd -d
 *	    entry entry ... entry		passes over it
 *		u32 compressed, u32 decompressed [, u32 checksum]
 *	    u32 frames, u8 flags, u32 ZSEEK_MAGIC	the footer
 *
 * All numbers are little-endian. The last ZSEEK_FOOTER bytes of the file find
 * the table: it is frames * entry bytes long, and lies right before them.
 * A file without a table (the writer was killed) is still a zstd stream.
 *
 * A frame holds at most ZSEEK_BLOCK bytes of content, save those that hold
 * nothing but zeros: up to ZSEEK_ZEROS, with a window of ZSEEK_BLOCK all the
 * same, so that no decoder needs more memory for them.
 */
#ifndef COREPIPE_ZSEEK_H
#define COREPIPE_ZSEEK_H

#define ZSEEK_SKIPPABLE		0x184D2A5Eu	/* magic of the table's frame */
#define ZSEEK_MAGIC		0x8F92EAB1u	/* last four bytes of the file */
#define ZSEEK_FRAME_HEADER	8		/* magic and size */
#define ZSEEK_FOOTER		9
#define ZSEEK_ENTRY		8
#define ZSEEK_ENTRY_CHECKED	12		/* with the checksum */
#define ZSEEK_CHECKED		0x80u		/* flags: entries hold one */
#define ZSEEK_RESERVED		0x7cu		/* flags: must be 0 */
#define ZSEEK_FRAMES_MAX	0x8000000u	/* entries a reader accepts */

#define ZSEEK_BLOCK		(1u << 20)
#define ZSEEK_BLOCK_LOG		20
#define ZSEEK_ZEROS		(16u << 20)

#endif
