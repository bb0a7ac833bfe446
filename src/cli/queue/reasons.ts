/**
 * Meaning of each reason and what can be done; codes that are missing here come from parsing the
 * age header.
 */
const known: Readonly<Record<string, string>> = {
  DIGEST_MISMATCH:
    'its bytes are no longer those its receipt was given for: look for a good copy in a backup, check the disk',
  WORKER_CRASHED:
    'the worker died each time it read it: keep a copy, report it, retry after an upgrade',
}

const malformed =
  'not a well-formed age file, though the intake took it: retry after an upgrade; nobody could open it as it is'
const unknown = 'no reason was written down: retry it, and the worker says why'

export function explainReason(code: string | null): string {
  return code === null ? unknown : (known[code] ?? malformed)
}

const classes: readonly (readonly [maxBytes: number, text: string])[] = [
  [128 * 1024, 'up to 128 KiB'],
  [1024 ** 2, 'up to 1 MiB'],
  [16 * 1024 ** 2, 'up to 16 MiB'],
  [256 * 1024 ** 2, 'up to 256 MiB'],
]

/** A class of sizes, coarser than the padded size, which would single out one tip among few. */
export function sizeClass(bytes: number): string {
  return classes.find(([maxBytes]) => bytes <= maxBytes)?.[1] ?? 'over 256 MiB'
}
