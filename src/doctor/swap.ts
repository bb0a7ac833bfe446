import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { doubtful, type Finding, type Places, well, wrong } from './finding.ts'
import { readText } from './read-text.ts'

const check = 'swap'
const wayOut =
  'swapoff -a and remove it from /etc/fstab, or put it on dm-crypt with a random key (crypttab: swap)'

/**
 * Checks that swap is encrypted: the disk of a seized machine must not reveal what was in memory.
 */
export async function checkSwap(places: Places): Promise<Finding> {
  const table = await readText(join(places.proc, 'swaps'))
  if (table === null)
    return doubtful(check, 'it cannot be told whether there is any', 'see swapon --show')
  const areas = table
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => unescape(line.split(/\s+/)[0] ?? ''))
  const open: string[] = []
  for (const area of areas) if (!(await isSafe(area, places))) open.push(area)
  if (open.length > 0)
    return wrong(check, `${open.join(', ')} is not encrypted, as far as can be seen`, wayOut)
  return well(check, areas.length === 0 ? 'there is none' : 'it is encrypted, or in memory')
}

/** Decodes the octal escapes of proc(5), which writes a blank as `\040`. */
function unescape(name: string): string {
  return name.replace(/\\(\d{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)))
}

async function isSafe(area: string, places: Places): Promise<boolean> {
  if (/^\/dev\/zram\d+$/.test(area)) return true
  const found = await stat(area).catch(() => null)
  if (found?.isFile() === true) return await isEncrypted(await deviceOf(found.dev, places), places)
  return await isEncrypted(basename(await realpath(area).catch(() => area)), places)
}

/**
 * The name of a block device in sysfs. A device number from stat(2) interleaves 12 bits of major
 * and 20 bits of minor number (the kernel's `MKDEV`).
 */
async function deviceOf(dev: number, { sys }: Places): Promise<string | null> {
  const number = BigInt(dev)
  const major = ((number >> 8n) & 0xfffn) | ((number >> 32n) & 0xfffff000n)
  const minor = (number & 0xffn) | ((number >> 12n) & 0xffffff00n)
  return await realpath(join(sys, 'dev', 'block', `${major}:${minor}`)).then(basename, () => null)
}

/** Whether the device is dm-crypt, or built only on dm-crypt devices (LVM on LUKS). */
async function isEncrypted(device: string | null, places: Places): Promise<boolean> {
  if (device === null) return false
  const folder = join(places.sys, 'class', 'block', device)
  if ((await readText(join(folder, 'dm', 'uuid')))?.startsWith('CRYPT-') === true) return true
  const below = await readdir(join(folder, 'slaves')).catch(() => [])
  for (const name of below) if (!(await isEncrypted(name, places))) return false
  return below.length > 0
}
