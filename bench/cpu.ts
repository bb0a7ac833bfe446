import { readFile } from 'node:fs/promises'

/** Clock ticks a second, as `getconf CLK_TCK` says on Linux. */
const ticksPerSecond = 100

/** Seconds of processor time that each process has used, by its name here. */
export async function cpuSecondsOf(
  pids: Readonly<Record<string, number | undefined>>,
): Promise<Map<string, number>> {
  const spent = new Map<string, number>()
  for (const [name, pid] of Object.entries(pids)) {
    // proc(5): after the name in parentheses, `utime` and `stime` are the 12th and 13th field.
    const text = pid === undefined ? '' : await readFile(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    spent.set(name, (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond)
  }
  return spent
}
