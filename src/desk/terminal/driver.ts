import type { Readable, Writable } from 'node:stream'
import { emitKeypressEvents } from 'node:readline'
import type { Interface } from 'node:readline'
import { draw } from './draw.ts'
import type { DeskEvent, Effect } from './events.ts'
import type { Frame } from './frame.ts'
import { KeyReader } from './key-reader.ts'
import type { Keypress } from './key-reader.ts'
import { reduce } from './reduce.ts'
import type { DeskState } from './state.ts'
import { startState } from './state.ts'
import type { DeskStore } from './store.ts'

/** The terminal as the desk uses it: `process.stdin` and `process.stdout` together. */
export interface Terminal {
  readonly input: Readable & { setRawMode(isRaw: boolean): unknown }
  readonly output: Writable & { readonly columns: number; readonly rows: number }
}

export interface DeskOptions {
  readonly terminal: Terminal
  readonly store: DeskStore
  readonly analyst: string
  readonly clock: { now: () => Date }
  /** Registers `cleanup`, which restores the terminal when the process is about to end. */
  onInterrupt: (cleanup: () => void) => () => void
  /**
   * Stops the process as Ctrl-Z does and resolves when it continues; without it, Ctrl-Z does
   * nothing.
   */
  readonly suspend?: (() => Promise<void>) | undefined
}

/**
 * Switches to the alternate screen, turns line wrapping off, and marks pastes (bracketed paste).
 */
const enterScreen = '\u{1B}[?1049h\u{1B}[?7l\u{1B}[?2004h\u{1B}[2J'
/**
 * Clears the screen first: not every terminal has an alternate screen, and no text of a tip may
 * stay.
 */
const leaveScreen = '\u{1B}[0m\u{1B}[2J\u{1B}[H\u{1B}[?2004l\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l'
/** How long to wait after Esc for the rest of an escape sequence, in milliseconds. */
const escapeCodeTimeout = 50
const tickMs = 30_000

/** Runs the desk until the person leaves it. Restores the terminal in any case. */
export async function runDesk(options: DeskOptions): Promise<void> {
  const desk = new Desk(options)
  await desk.run()
}

class Desk {
  readonly #options: DeskOptions
  readonly #events: DeskEvent[] = []
  #state: DeskState
  #wake: () => void = () => {}
  #failure: Error | null = null
  #isIn = false

  constructor(options: DeskOptions) {
    this.#options = options
    const { columns, rows } = options.terminal.output
    this.#state = startState(options.analyst, columns, rows)
  }

  async run(): Promise<void> {
    const {
      terminal: { input, output },
      onInterrupt,
    } = this.#options
    const forget = onInterrupt(() => this.#leave())
    const ticking = setInterval(() => this.#take({ kind: 'tick', now: this.#now() }), tickMs)
    const keys = new KeyReader((event) => this.#take(event))
    const onKey = (text: string | undefined, key: Keypress) => keys.read(text, key)
    const onResize = () =>
      this.#take({ kind: 'resize', columns: output.columns, rows: output.rows })
    const onEnd = () => this.#fail(new Error('the terminal was closed'))
    try {
      // Only `escapeCodeTimeout` is read from this object.
      emitKeypressEvents(input, { escapeCodeTimeout } as unknown as Interface)
      input.on('keypress', onKey).on('end', onEnd).on('error', onEnd)
      output.on('resize', onResize)
      this.#enter()
      await this.#loop()
    } finally {
      clearInterval(ticking)
      input.off('keypress', onKey).off('end', onEnd).off('error', onEnd)
      output.off('resize', onResize)
      this.#leave()
      input.pause()
      forget()
    }
  }

  async #loop(): Promise<void> {
    this.#show()
    await this.#perform({ kind: 'reload' })
    for (;;) {
      this.#show()
      const event = await this.#nextEvent()
      const { state, effects } = reduce(this.#state, event)
      this.#state = state
      for (const effect of effects) {
        if (effect.kind === 'quit') return
        this.#show()
        await this.#perform(effect)
      }
    }
  }

  async #nextEvent(): Promise<DeskEvent> {
    for (;;) {
      if (this.#failure !== null) throw this.#failure
      const event = this.#events.shift()
      if (event !== undefined) return event
      await new Promise<void>((wake) => (this.#wake = wake))
    }
  }

  #take(event: DeskEvent): void {
    this.#events.push(event)
    this.#wake()
  }

  #fail(failure: Error): void {
    this.#failure = failure
    this.#wake()
  }

  /** Keys that arrive during the effect wait in the queue until its answer was processed. */
  async #perform(effect: Exclude<Effect, { kind: 'quit' }>): Promise<void> {
    if (effect.kind === 'suspend') return await this.#suspend()
    const event = await this.#ask(effect).catch(
      (error: unknown): DeskEvent => ({ kind: 'failed', why: whyOf(error) }),
    )
    this.#state = reduce(this.#state, event).state
  }

  async #ask(
    effect: Extract<Effect, { kind: 'save' | 'set' | 'reload' | 'prepare-answer' }>,
  ): Promise<DeskEvent> {
    const { store } = this.#options
    if (effect.kind === 'prepare-answer') {
      const answer = await store.prepareAnswer(effect.receipt)
      return { kind: 'answer-prepared', receipt: effect.receipt, answer }
    }
    if (effect.kind === 'save') await store.append(effect.receipt, effect.changes)
    if (effect.kind === 'set') await store.set(effect.receipt, effect.field, effect.text)
    const kind = effect.kind === 'reload' ? 'loaded' : 'saved'
    const views = await store.load().catch((cause: unknown) => {
      // A separate error: after a plain failure the person would save the same change again.
      throw kind === 'loaded'
        ? cause
        : new Error(`it IS saved, but the casebook cannot be read again: ${whyOf(cause)}`, {
            cause,
          })
    })
    return { kind, views, now: this.#now() }
  }

  async #suspend(): Promise<void> {
    const {
      suspend,
      terminal: { output },
    } = this.#options
    if (suspend === undefined) return
    this.#leave()
    try {
      await suspend()
    } finally {
      this.#enter()
      this.#take({ kind: 'resize', columns: output.columns, rows: output.rows })
    }
  }

  #enter(): void {
    this.#isIn = true
    this.#options.terminal.input.setRawMode(true)
    this.#options.terminal.input.resume()
    this.#options.terminal.output.write(enterScreen)
  }

  #leave(): void {
    if (!this.#isIn) return
    this.#isIn = false
    this.#options.terminal.output.write(leaveScreen)
    this.#options.terminal.input.setRawMode(false)
  }

  #show(): void {
    this.#options.terminal.output.write(paint(draw(this.#state)))
  }

  #now(): number {
    return this.#options.clock.now().getTime()
  }
}

/**
 * Each line is placed by its row, so that a line that is wider than we count cannot shift the
 * others.
 */
function paint({ lines, cursor }: Frame): string {
  // The row is erased first: after a full line, erasing to the right would delete its last
  // character.
  const painted = lines.map((line, row) => `\u{1B}[${row + 1};1H\u{1B}[K${line}\u{1B}[0m`).join('')
  const shown = cursor === null ? '' : `\u{1B}[${cursor.row + 1};${cursor.column + 1}H\u{1B}[?25h`
  return `\u{1B}[?25l${painted}${shown}`
}

function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
