import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { compileCache } from '../../support/compile-cache.ts'

const deadlineMs = 80_000

/** A real terminal of 80×24 that runs a shell, on a tmux server of its own. */
export class TmuxTerminal {
  readonly #socket = `tumen-test-${process.pid}-${randomBytes(4).toString('hex')}`

  constructor(folder: string, columns = 80, rows = 24) {
    onTestFinished(() => this.#end())
    const shell = ['sh', '-i']
    this.#tmux(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-x',
      String(columns),
      '-y',
      String(rows),
      '-c',
      folder,
      'env',
      'PS1=ready> ',
      ...shell,
    )
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', ['-u', '-L', this.#socket, ...args], {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: compileCache,
        TERM: 'xterm-256color',
        LC_ALL: 'C.UTF-8',
      },
    })
  }

  #end(): void {
    try {
      this.#tmux('kill-server')
    } catch {
      // The server has already ended.
    }
  }

  /** Presses keys by their names in tmux: `Enter`, `Escape`, `C-d`. */
  press(...keys: string[]): void {
    this.#tmux('send-keys', ...keys)
  }

  type(text: string): void {
    this.#tmux('send-keys', '-l', text)
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows))
  }

  /** The text on the screen; with `-S -`, the scroll-back as well. */
  capture(...more: string[]): string {
    return this.#tmux('capture-pane', '-p', ...more)
  }

  /** Whether the alternate screen is shown. */
  isAlternate(): boolean {
    return this.#tmux('display-message', '-p', '#{alternate_on}').trim() === '1'
  }

  async until(isThere: (screen: string) => boolean, what: string): Promise<string> {
    for (const end = Date.now() + deadlineMs; ; ) {
      const screen = this.capture()
      if (isThere(screen)) return screen
      if (Date.now() > end) throw new Error(`${what} never came; the screen is:\n${screen}`)
      await setTimeout(20)
    }
  }

  untilText(text: string): Promise<string> {
    return this.until((screen) => screen.includes(text), JSON.stringify(text))
  }
}
