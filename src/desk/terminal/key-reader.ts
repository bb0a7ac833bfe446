import type { DeskEvent, Key } from './events.ts'

/** A key press as reported by `readline.emitKeypressEvents`. */
export interface Keypress {
  readonly name?: string | undefined
  readonly ctrl?: boolean
  readonly meta?: boolean
}

/** A paste becomes one event when it ends, or at this length if it does not end. */
const maxPasteCharacters = 100_000

/** Turns keypresses into events. */
export class KeyReader {
  readonly #take: (event: DeskEvent) => void
  #pasted: string | null = null

  constructor(take: (event: DeskEvent) => void) {
    this.#take = take
  }

  read(text: string | undefined, key: Keypress): void {
    if (key.name === 'paste-start') this.#pasted = ''
    else if (key.name === 'paste-end') this.#endPaste()
    else if (this.#pasted !== null) this.#addPasted(text ?? '')
    else this.#take(keyOf(text, key))
  }

  #addPasted(text: string): void {
    this.#pasted = (this.#pasted ?? '') + text
    if (this.#pasted.length > maxPasteCharacters) this.#endPaste()
  }

  #endPaste(): void {
    const pasted = this.#pasted
    this.#pasted = null
    if (pasted !== null)
      this.#take({ kind: 'paste', text: pasted.replace(/[^\P{Cc}\r\n\t]/gu, '') })
  }
}

const printing = /^\P{Cc}+$/u

function keyOf(text: string | undefined, { name = '', ctrl = false, meta = false }: Keypress): Key {
  if (name === 'escape') return { kind: 'key', name, text: '' }
  if (ctrl) return { kind: 'key', name: `ctrl-${name}`, text: '' }
  if (meta) return { kind: 'key', name: `meta-${name}`, text: '' }
  if (text !== undefined && printing.test(text)) return { kind: 'key', name: '', text }
  return { kind: 'key', name: name === 'enter' ? 'return' : name, text: '' }
}
