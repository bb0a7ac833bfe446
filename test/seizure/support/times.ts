/**
 * The period in which the tips arrived, which nothing on the disk may reveal. In milliseconds since
 * 1970, both ends included.
 */
export interface Window {
  fromMs: number
  toMs: number
}

export function isWithin({ fromMs, toMs }: Window, ms: number): boolean {
  return ms >= fromMs && ms <= toMs
}

/**
 * Every form in which `bytes` contain a moment of the window, and any time of day in a format of
 * people or protocols.
 */
export function timesIn(
  bytes: Buffer,
  window: Window,
  { isNoise }: { isNoise: boolean },
): string[] {
  const text = bytes.toString('latin1')
  return [
    ...decimalsIn(text, window),
    ...binariesIn(bytes, window, 8),
    // Among random bytes, four bytes match one of these seconds too often to mean anything.
    ...(isNoise ? [] : binariesIn(bytes, window, 4)),
    ...clocksIn(text),
  ]
}

/**
 * Seconds have 10 digits until 2286. Milliseconds have 13, which are also the first digits of finer
 * units. Either may be part of a longer number.
 */
function decimalsIn(text: string, window: Window): string[] {
  return [...text.matchAll(/\d{10,}/g)].flatMap(([digits]) => {
    const [length, unitMs, unit] =
      digits.length < 13 ? [10, 1000, 'seconds'] : [13, 1, 'milliseconds']
    const values = Array.from({ length: digits.length - length + 1 }, (_, at) =>
      Number(digits.slice(at, at + length)),
    )
    return values.some((value) => isWithin(wholeUnits(window, unitMs), value * unitMs))
      ? [`${unit} as text`]
      : []
  })
}

/** Binary numbers as the kernel, Redis and databases write them, in either byte order. */
function binariesIn(bytes: Buffer, window: Window, width: 4 | 8): string[] {
  const unitMs = width === 8 ? 1 : 1000
  const { fromMs, toMs } = wholeUnits(window, unitMs)
  const found = new Set<string>()
  for (const order of ['little', 'big'] as const) {
    for (const prefix of sharedBytes(
      Math.floor(fromMs / unitMs),
      Math.floor(toMs / unitMs),
      width,
      order,
    )) {
      for (
        let at = bytes.indexOf(prefix.bytes);
        at !== -1;
        at = bytes.indexOf(prefix.bytes, at + 1)
      ) {
        const start = at - prefix.offset
        if (start < 0 || start + width > bytes.length) continue
        const value = read(bytes, start, width, order)
        if (isWithin({ fromMs, toMs }, value * unitMs))
          found.add(
            `${width === 8 ? 'milliseconds' : 'seconds'} in ${width} bytes, ${order}-endian`,
          )
      }
    }
  }
  return [...found]
}

/**
 * The upper bytes that the values of a range have in common. They are few, so that a fast search
 * can find candidates.
 */
function sharedBytes(
  from: number,
  to: number,
  width: number,
  order: 'little' | 'big',
): { bytes: Buffer; offset: number }[] {
  const lowBytes = 2
  const [first, last] = [
    Math.floor(from / 2 ** (8 * lowBytes)),
    Math.floor(to / 2 ** (8 * lowBytes)),
  ]
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const bytes = Buffer.alloc(width - lowBytes)
    if (order === 'big') bytes.writeUIntBE(first + index, 0, width - lowBytes)
    else bytes.writeUIntLE(first + index, 0, width - lowBytes)
    return { bytes, offset: order === 'big' ? 0 : lowBytes }
  })
}

function read(bytes: Buffer, start: number, width: 4 | 8, order: 'little' | 'big'): number {
  if (width === 4) return order === 'little' ? bytes.readUInt32LE(start) : bytes.readUInt32BE(start)
  return Number(order === 'little' ? bytes.readBigUInt64LE(start) : bytes.readBigUInt64BE(start))
}

/**
 * ISO 8601 with a time of day, the dates of HTTP and syslog, and any hours, minutes and seconds, on
 * any day.
 */
function clocksIn(text: string): string[] {
  return /(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d/.test(text) || /\d{4}-\d\d-\d\dT\d\d:?\d\d/.test(text)
    ? ['a time of day']
    : []
}

function wholeUnits({ fromMs, toMs }: Window, unitMs: number): Window {
  return { fromMs: Math.floor(fromMs / unitMs) * unitMs, toMs: Math.floor(toMs / unitMs) * unitMs }
}
