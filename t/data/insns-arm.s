@ SPDX-License-Identifier: ISC
@ Loads and stores of ARM, or of Thumb if THUMB is defined, of each form.
	.syntax unified
	.arch armv8-a
	.arch_extension fp
	.fpu neon-fp-armv8
.balign 4
.ifdef THUMB
	.thumb
.else
	.arm
.endif
	ldr r0, [r1]
	ldr r0, [r1, #124]
	ldr r0, [r8, #4095]
	ldr r0, [r8, #-255]
	ldr r0, [r8, #8]!
	ldr r0, [r8, #-8]!
	ldr r0, [r8], #8
	ldr r0, [r8], #-8
	ldr r0, [r1, r2]
	ldr r0, [r1, r2, lsl #2]
	ldr r0, [pc, #64]
	ldr r0, [pc, #-64]
	ldr r0, [sp, #1020]
	ldrb r0, [r1, #31]
	ldrb r0, [r9, r10, lsl #1]
	ldrb r0, [r9], #1
	ldrsb r0, [r1, r2]
	ldrsb r0, [r9, #-7]
	ldrh r0, [r1, #62]
	ldrh r0, [r9], #2
	ldrsh r0, [r1, r2]
	ldrsh r0, [r9, #200]
	ldrd r2, r3, [r9, #248]
	ldrd r2, r3, [r9, #-8]!
	ldrd r2, r3, [r9], #16
	ldrex r0, [r9]
	ldrexb r0, [r9]
	ldrexh r0, [r9]
	ldrexd r2, r3, [r9]
	lda r0, [r9]
	ldaexd r2, r3, [r9]
	ldrt r0, [r9]
	ldm r1!, {r2-r5}
	ldm r9, {r0, r4, r11}
	ldmdb r9!, {r0, r4}
	pop {r4-r7, pc}
	pop {r4, r8-r11, pc}
	str r0, [r1, #4]
	str r0, [r8, #4000]
	str r0, [r8, r7, lsl #3]
	str r0, [r8, #-4]!
	str r0, [r8], #4
	str r0, [sp, #-4]!
	strb r0, [r1, #1]
	strb r0, [r8], #-1
	strh r0, [r1, #2]
	strh r0, [r8, #-2]!
	strd r2, r3, [r9, #-248]
	strex r1, r0, [r9]
	strexd r1, r2, r3, [r9]
	stlexb r1, r0, [r9]
	stl r0, [r9]
	stlh r0, [r9]
	strt r0, [r9]
	stm r1!, {r2-r5}
	stmdb r9!, {r0-r8, lr}
	push {r4-r7, lr}
	push {r4, r11, lr}
	vldr s1, [r9, #4]
	vldr d1, [r9, #-1020]
	vldr d0, [pc, #16]
	vstr s31, [r9]
	vstr d31, [r9, #8]
	vldmia r9!, {d0-d7}
	vldmia r9, {s3-s5}
	vldmdb r9!, {d8-d9}
	vstmia r9, {d16-d31}
	vpush {d8-d15}
	vpop {s16}
	vld1.8 {d0}, [r9]
	vld1.64 {d0-d3}, [r9:256]!
	vld1.32 {d0[1]}, [r9:32]
	vld1.16 {d0[], d1[]}, [r9]
	vld2.16 {d0, d2}, [r9], r3
	vld2.8 {d0[3], d1[3]}, [r9]
	vld3.32 {d0-d2}, [r9]
	vld3.16 {d0[], d1[], d2[]}, [r9]
	vld4.32 {d0[], d1[], d2[], d3[]}, [r9:128]
	vld4.8 {d0, d2, d4, d6}, [r9]
	vst1.32 {d0, d1}, [r9]!
	vst1.8 {d5[7]}, [r9]
	vst2.32 {d0-d3}, [r9]
	vst3.8 {d0[1], d1[1], d2[1]}, [r9]
	vst4.16 {d0-d3}, [r9], r3
	udf #3
	udf #200
	bkpt #1
	pld [r1]
	add r0, r1, r2
	mul r0, r1, r0
	vmov d0, r1, r2
	vadd.f64 d0, d1, d2
	mov r0, r1
.ifdef THUMB
	udf.w #200
	ldr.w r0, [pc, #-5]
	ldr r0, [r1, #128]
	str.w r0, [r1, #-5]!
	tbb [r1, r2]
	tbh [r1, r2, lsl #1]
	cbz r0, 1f
1:	movw r0, #1
.else
	ldr r0, [r1, -r2]
	ldr r0, [r1, -r2, lsl #3]!
	ldr r0, [r1, r2, lsr #2]
	ldr r0, [r1, r2, ror #2]
	ldr r0, [r1], r2
	ldrne r0, [r1, #-4095]
	ldrd r2, r3, [r9, r1]
	strd r2, r3, [r9, -r1]!
	strh r0, [r9], -r1
	ldrsb r0, [pc, #8]
	ldrls r0, [r1]
	ldmls r1, {r0}
	ldmib r1, {r0, r2}
	ldmda r1!, {r0, r2, r3}
	stmib r1!, {r0, r2}
	stmda r1, {r0, r2, r3}
	umull r0, r1, r2, r3
	mrs r0, cpsr
	clz r0, r1
.endif
