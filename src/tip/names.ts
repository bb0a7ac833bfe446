import { maxNameBytes } from './bounds.ts'

const encoder = new TextEncoder()

// Control characters, line separators and invisible characters: bidirectional overrides (which show
// `gpj.exe` as `exe.jpg`), zero-width spaces, tags. Joiners are kept, because some scripts need
// them.
const unseen =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu
// Separators, and characters with a special meaning for Windows or a shell.
const reserved = /[/\\:*?"<>|]/gu
// A leading dot hides a file; a leading dash or tilde turns it into an option or a home folder.
const badStart = /^[.\-~\s]+/u
// Windows drops trailing dots and spaces, so `a.` and `a` would be one file.
const badEnd = /[.\s]+$/u
const windowsDevice = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\s*(?:\.|$))/iu
const extension = /\.[A-Za-z0-9]{1,10}$/u

const byteLength = (text: string): number => encoder.encode(text).length

const cutToBytes = (text: string, maxBytes: number): string => {
  let bytes = 0
  let kept = ''
  for (const character of text) {
    bytes += byteLength(character)
    if (bytes > maxBytes) break
    kept += character
  }
  return kept
}

const splitExtension = (name: string): [stem: string, extension: string] => {
  const found = extension.exec(name)?.[0] ?? ''
  return found.length === name.length
    ? [name, '']
    : [name.slice(0, name.length - found.length), found]
}

const fit = (name: string, suffix: string): string => {
  const [stem, ending] = splitExtension(name)
  const room = maxNameBytes - byteLength(suffix + ending)
  return byteLength(stem) <= room
    ? stem + suffix + ending
    : cutToBytes(stem, room).replace(badEnd, '') + suffix + ending
}

/**
 * A name that is safe as one path component on Linux, macOS and Windows: NFC, no invisible
 * characters except joiners, no separators, no leading dot, dash or tilde, no trailing dot or
 * space, no Windows device, 1 to 200 UTF-8 bytes. Never throws, and a second run changes nothing.
 */
export function sanitizeName(raw: string): string {
  // A name is cut here first, because the rest cannot be kept, so that an extremely long name costs
  // no more time.
  const visible = raw
    .slice(0, 4096)
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(unseen, '')
    .normalize('NFC')
  const plain = visible
    .replace(reserved, '_')
    .replace(/\s+/gu, ' ')
    .replace(badStart, '')
    .replace(badEnd, '')
  const ours = windowsDevice.test(plain) ? `_${plain}` : plain
  return fit(ours, '') || 'file'
}

/**
 * Two names with the same key are the same file on some file system: they differ only in case,
 * composition or trailing dots.
 */
export function nameKey(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC').replace(badEnd, '')
}

/**
 * Sanitises each name and numbers names that would collide: `photo.jpg`, `photo (2).jpg`. Keeps
 * the order.
 */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  // The last number tried for each name, so that a thousand equal names do not need a million
  // attempts.
  const lastNumber = new Map<string, number>()
  return names.map((raw) => {
    const name = sanitizeName(raw)
    const base = nameKey(name)
    let unique = name
    for (
      let number = lastNumber.get(base) ?? 1;
      taken.has(nameKey(unique));
      lastNumber.set(base, number)
    ) {
      number += 1
      unique = fit(name, ` (${number})`)
    }
    taken.add(nameKey(unique))
    return unique
  })
}
