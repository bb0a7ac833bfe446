import { eachCharacter } from './width.ts'

/** Text that is being typed, and the position of the cursor in it. */
export interface TextBuffer {
  readonly before: string
  readonly after: string
}

export const emptyBuffer: TextBuffer = { before: '', after: '' }

export function bufferOf(text: string): TextBuffer {
  return { before: text, after: '' }
}

export function textOf(buffer: TextBuffer): string {
  return buffer.before + buffer.after
}

/** Inserts text; changes nothing if the result would be longer than `maxCharacters`. */
export function insert(buffer: TextBuffer, typed: string, maxCharacters: number): TextBuffer {
  if (textOf(buffer).length + typed.length > maxCharacters) return buffer
  return { ...buffer, before: (buffer.before + typed).normalize('NFC') }
}

/** Moves the cursor or deletes text; null if the key has no meaning in a text. */
export function editBuffer(buffer: TextBuffer, key: string): TextBuffer | null {
  return editors.get(key)?.(buffer) ?? null
}

const lastCharacter = (text: string): string => [...eachCharacter(text.slice(-64))].at(-1) ?? ''
const firstCharacter = (text: string): string => eachCharacter(text.slice(0, 64)).next().value ?? ''
const dropEnd = (text: string, end: string): string => text.slice(0, text.length - end.length)
const split = (text: string, at: number): TextBuffer => ({
  before: text.slice(0, at),
  after: text.slice(at),
})

const lineStart = ({ before }: TextBuffer): number => before.lastIndexOf('\n') + 1

function moveUp(buffer: TextBuffer): TextBuffer {
  const start = lineStart(buffer)
  if (start === 0) return buffer
  const above = buffer.before.lastIndexOf('\n', start - 2) + 1
  return split(textOf(buffer), Math.min(above + buffer.before.length - start, start - 1))
}

function moveDown(buffer: TextBuffer): TextBuffer {
  const below = buffer.after.indexOf('\n')
  if (below < 0) return buffer
  const start = buffer.before.length + below + 1
  const text = textOf(buffer)
  const end = text.indexOf('\n', start)
  return split(
    text,
    Math.min(start + buffer.before.length - lineStart(buffer), end < 0 ? text.length : end),
  )
}

const editors: ReadonlyMap<string, (buffer: TextBuffer) => TextBuffer> = new Map([
  ['backspace', ({ before, after }) => ({ before: dropEnd(before, lastCharacter(before)), after })],
  ['delete', ({ before, after }) => ({ before, after: after.slice(firstCharacter(after).length) })],
  [
    'left',
    ({ before, after }) => ({
      before: dropEnd(before, lastCharacter(before)),
      after: lastCharacter(before) + after,
    }),
  ],
  [
    'right',
    ({ before, after }) => ({
      before: before + firstCharacter(after),
      after: after.slice(firstCharacter(after).length),
    }),
  ],
  ['home', (buffer) => split(textOf(buffer), lineStart(buffer))],
  [
    'end',
    (buffer) => {
      const end = buffer.after.indexOf('\n')
      return split(textOf(buffer), end < 0 ? textOf(buffer).length : buffer.before.length + end)
    },
  ],
  ['up', moveUp],
  ['down', moveDown],
])
