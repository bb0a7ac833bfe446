import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Day } from '../../time/day.ts'

/** The day this was written: a correct clock cannot show an earlier one. */
const earliestDay = '2026-11-01'
const latestDay = '2060-01-01'
/** IFF_UP of linux/if.h. */
const flagUp = 1

export interface Finding {
  readonly isGood: boolean
  readonly text: string
}

/** Where the kernel reports network interfaces and swap; no check opens a socket. */
export const linuxPlaces = { interfaces: '/sys/class/net', swaps: '/proc/swaps' } as const

/**
 * Looks for visible signs that this machine is unsafe for making keys: an active network, a wrong
 * clock, or memory that is swapped to disk.
 */
export async function checkMachine(
  places: { interfaces: string; swaps: string },
  day: Day,
): Promise<Finding[]> {
  return [await findNetworks(places.interfaces), findClock(day), await findSwap(places.swaps)]
}

async function findNetworks(dir: string): Promise<Finding> {
  const names = await readdir(dir).catch(() => null)
  if (names === null)
    return { isGood: false, text: 'the network cannot be looked at here: cable out, radio off?' }
  const up: string[] = []
  for (const name of names) if (name !== 'lo' && (await isUp(join(dir, name)))) up.push(name)
  if (up.length === 0) return { isGood: true, text: 'no network is up' }
  return {
    isGood: false,
    text: `a network is UP (${up.map(printable).join(', ')}): cable out, radio off`,
  }
}

async function isUp(dir: string): Promise<boolean> {
  const flags = await readFile(join(dir, 'flags'), 'latin1').catch(() => '')
  return (Number(flags.trim()) & flagUp) !== 0
}

function findClock(day: Day): Finding {
  if (day < earliestDay || day > latestDay)
    return {
      isGood: false,
      text: `the clock is wrong, it says ${day}: set it, all days come from it`,
    }
  return { isGood: true, text: `the clock says ${day} (UTC): compare it with a watch` }
}

async function findSwap(path: string): Promise<Finding> {
  const text = await readFile(path, 'latin1').catch(() => '')
  // The first line is a heading. Compressed memory (zram) never reaches a disk.
  const onDisk = text
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '' && !line.startsWith('/dev/zram'))
  if (onDisk.length === 0)
    return { isGood: true, text: 'memory is not written to a disk (no swap)' }
  return { isGood: false, text: 'swap is on, secrets may reach the disk: sudo swapoff -a' }
}

function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, '?').slice(0, 16)
}
