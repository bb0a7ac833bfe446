/**
 * Options of Node for the intake, in MiB. Without them its heap, above all the young part of it,
 * grows with the machine's memory while it is under attack. The bytes of uploads are outside this
 * heap.
 */
export const intakeHeap = '--max-old-space-size=128 --max-semi-space-size=16'
