import { join } from 'node:path'
import { doubtful, type Finding, type Places, well } from './finding.ts'
import { readText } from './read-text.ts'

const check = 'entropy'

/** Since Linux 5.18 the value is always 256 once the generator is ready. */
const enoughBits = 256

export async function checkEntropy({ proc }: Places): Promise<Finding> {
  const bits = Number(
    (await readText(join(proc, 'sys', 'kernel', 'random', 'entropy_avail')))?.trim() || Number.NaN,
  )
  if (bits >= enoughBits) return well(check, "the kernel's generator is ready")
  return doubtful(
    check,
    Number.isNaN(bits) ? 'it cannot be told' : `the kernel counts ${bits} bits`,
    'wait some minutes after the start of the machine; a virtual one wants virtio-rng',
  )
}
