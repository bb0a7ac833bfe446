import { closeSync, openSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { ReadStream, WriteStream } from 'node:tty'

import type { CliContext } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'

const enter = /[\r\n]/
const interrupt = '\u0003'
const endOfText = '\u0004'
const erase = new Set(['\u007f', '\b'])

/**
 * Opens the terminal's alternate screen, so that nothing stays in the scroll-back. The screen is
 * also cleared, for terminals without an alternate one.
 */
const openScreen = '\u001b[?1049h\u001b[2J\u001b[H'
const clearScreen = '\u001b[2J\u001b[H'
const closeScreen = `${clearScreen}\u001b[?1049l`

/** The controlling terminal, even if stdin, stdout and stderr are redirected. */
export interface Terminal {
  /** Reads a line without showing it. */
  readHidden(prompt: string): Promise<string>
  /** Shows lines on a cleared screen. */
  show: (lines: readonly string[]) => void
  /** Removes the shown lines from the terminal. */
  hide(): void
}

interface Opening {
  /** The error message if there is no terminal; says what to do instead. */
  readonly wayOut: string
  readonly maxBytes: number
}

/**
 * Opens the terminal for `use`, and restores it afterwards.
 *
 * @throws CliError `FAILED` without a terminal, or if the person stops (Ctrl-C).
 */
export async function withTerminal<T>(
  context: CliContext,
  opening: Opening,
  use: (terminal: Terminal) => Promise<T>,
): Promise<T> {
  const input = openInput(opening.wayOut)
  const screen = openScreenOf()
  const giveBack = () => {
    screen.close()
    input.setRawMode(false)
  }
  const forget = context.onInterrupt(giveBack)
  const characters = eachCharacter(input)
  try {
    input.setRawMode(true)
    return await use({
      async readHidden(prompt) {
        // The prompt goes to the open screen, or else to stderr, so that a log of stderr contains
        // the question.
        if (!screen.write(prompt)) context.stderr.write(prompt)
        return await readLine(characters, opening.maxBytes).finally(
          () => screen.write('\r\n') || context.stderr.write('\n'),
        )
      },
      show: (lines) => screen.show(lines),
      hide: () => screen.close(),
    })
  } finally {
    giveBack()
    input.destroy()
    forget()
  }
}

/** Reads one line, visible while it is typed. @throws CliError `FAILED` as `withTerminal`. */
export async function askOnTerminal(
  context: CliContext,
  prompt: string,
  wayOut: string,
): Promise<string> {
  const input = openInput(wayOut)
  const output = new WriteStream(openSync('/dev/tty', 'w'))
  const lines = createInterface({ input, output, terminal: true, historySize: 0 })
  const forget = context.onInterrupt(() => input.setRawMode(false))
  try {
    return await new Promise((resolve, reject) => {
      lines.once('SIGINT', () => reject(failure('stopped: the same command continues from here')))
      lines.once('close', () => reject(failure('stopped: the terminal was closed')))
      lines.question(prompt, resolve)
    })
  } finally {
    lines.close()
    input.destroy()
    output.destroy()
    forget()
  }
}

function openInput(wayOut: string): ReadStream {
  try {
    return new ReadStream(openSync('/dev/tty', 'r+'))
  } catch (cause) {
    throw failure(wayOut, cause)
  }
}

function openScreenOf() {
  let screen: number | null = null
  const write = (text: string) => {
    if (screen !== null) writeSync(screen, text)
    return screen !== null
  }
  return {
    write,
    show(lines: readonly string[]) {
      const wasOpen = screen !== null
      screen ??= openSync('/dev/tty', 'w')
      write(`${wasOpen ? clearScreen : openScreen}${lines.join('\r\n')}\r\n`)
    },
    close() {
      write(closeScreen)
      if (screen !== null) closeSync(screen)
      screen = null
    },
  }
}

async function* eachCharacter(terminal: ReadStream): AsyncGenerator<string, undefined> {
  terminal.setEncoding('utf8')
  for await (const piece of terminal as AsyncIterable<string>) yield* piece
  return undefined
}

async function readLine(
  characters: AsyncGenerator<string, undefined>,
  maxBytes: number,
): Promise<string> {
  const typed: string[] = []
  for (;;) {
    const { value: character } = await characters.next()
    if (character === undefined)
      throw failure('the terminal was closed before the passphrase was given')
    if (enter.test(character)) return typed.join('')
    if (character === interrupt || character === endOfText) throw failure('no passphrase was given')
    if (erase.has(character)) typed.pop()
    else if (typed.length <= maxBytes) typed.push(character)
  }
}
