import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import { inlineEngine } from '../../../src/age/stream.ts'
import type { FileToAttach } from '../../../src/seal/seal-tip.ts'
import { sealTip } from '../../../src/seal/seal-tip.ts'
import type { ReplyMessage } from '../../../src/replies/message.ts'
import type { ReplyIndex } from '../../../src/replies/index-file.ts'
import { parseIndex } from '../../../src/replies/index-file.ts'
import { openDrop } from '../../../src/replies/open-drop.ts'
import type { Thread } from '../../../src/thread/thread.ts'
import { deriveThread, replyGroupOf } from '../../../src/thread/thread.ts'
import type { DetentionTip } from '../../../src/tip/schema.ts'
import { gather } from '../../age/pieces.ts'
import { runHere } from '../../cli/support/run-here.ts'
import { primitives } from '../../support/ceremony.ts'
import type { Machine } from '../../support/machine.ts'
import { plainTip, sealWhole } from '../../support/sealed.ts'

/** A source with words: the byte stands for twelve of them. */
export function sourceWith(byte: number): Thread {
  return deriveThread(primitives, new Uint8Array(16).fill(byte))
}

/** A desk and its sticks, with the commands that a person would type. */
export class TalkingDesk {
  readonly machine: Machine
  #trips = 0
  #now: Date

  /** @param now when the first command runs. */
  constructor(machine: Machine, now = new Date('2026-11-23T12:00:00Z')) {
    this.machine = machine
    this.#now = now
  }

  /** Lets time pass. Every command takes a second anyway, so that nothing happens at once. */
  passDays(days: number): void {
    this.#now = new Date(this.#now.getTime() + days * 86_400_000)
  }

  async run(...args: string[]) {
    this.#now = new Date(this.#now.getTime() + 1_000)
    const now = this.#now
    return await runHere(this.machine, args, { clock: { now: () => now } })
  }

  /** A command about cases. @returns what it printed. */
  async desk(...args: string[]): Promise<string> {
    const done = await this.run('case', ...args, '--casebook', 'casebook')
    expect(done, args.join(' ')).toMatchObject({ status: 0 })
    return done.stdout
  }

  async caseJson(id: string) {
    return JSON.parse(await this.desk('show', id, '--json'))
  }

  async send(
    source: Thread,
    tip: Partial<DetentionTip> = {},
    files: readonly FileToAttach[] = [],
  ): Promise<string> {
    const whole: DetentionTip = {
      narrative: '사람들이 잡혀갔습니다',
      reply: replyGroupOf(source, 'ko'),
      ...tip,
    }
    const envelope = await sealWhole(primitives, this.machine.recipients, whole, files)
    return await this.machine.store(envelope)
  }

  /** Sends a tip that none of our programs would make. */
  async sendRaw(tip: object): Promise<string> {
    const { content } = await sealTip({
      primitives,
      engine: inlineEngine(primitives),
      serialize: () => Buffer.from(JSON.stringify(tip)),
      recipients: this.machine.recipients,
      tip: plainTip,
      files: [],
    })
    return await this.machine.store(await gather(content))
  }

  /** Exports, and opens on the desk. @param published the stick whose index the server shows. */
  async open(published: string | null = null): Promise<string> {
    this.#trips += 1
    const stick = `stick-${this.#trips}`
    expect(await this.run('export', stick)).toMatchObject({ status: 0 })
    if (published !== null) this.bringIndex(published, stick)
    const opened = await this.run(
      'open',
      stick,
      '-i',
      this.machine.identityPath,
      '--casebook',
      'casebook',
    )
    expect(opened).toMatchObject({ status: 0 })
    return stick
  }

  /** What the server does: it exports the indexes that it took in, without the drops. */
  bringIndex(from: string, to: string): void {
    mkdirSync(this.machine.at(to, 'replies'), { recursive: true })
    for (const name of readdirSync(this.machine.at(from, 'replies')))
      if (name.startsWith('index'))
        cpSync(this.machine.at(from, 'replies', name), this.machine.at(to, 'replies', name))
  }

  async acknowledge(stick: string, ...more: string[]) {
    const key = this.machine.deskKeyPath
    return await this.run('acknowledge', stick, '--casebook', 'casebook', '--key', key, ...more)
  }

  index(stick: string, name = 'index.json'): ReplyIndex {
    return parseIndex(readFileSync(this.machine.at(stick, 'replies', name)))
  }

  drops(stick: string): string[] {
    return readdirSync(this.machine.at(stick, 'replies'))
      .filter((name) => name.endsWith('.tar'))
      .map((name) => name.slice(0, -4))
  }

  /** What a source finds in the drops of a stick that the index names. */
  async find(
    source: Thread,
    stick: string,
  ): Promise<{ messages: ReplyMessage[]; opened: boolean }> {
    const messages: ReplyMessage[] = []
    let opened = false
    for (const { id } of this.index(stick).drops) {
      if (!this.drops(stick).includes(id)) continue
      const bytes = readFileSync(this.machine.at(stick, 'replies', `${id}.tar`))
      const found = await openDrop(primitives, source, id, bytes)
      expect(found.problems).toEqual([])
      messages.push(...found.messages)
      opened ||= found.isOpened
    }
    return { messages, opened }
  }

  write(name: string, text: string | Uint8Array): string {
    writeFileSync(this.machine.at(name), text)
    return name
  }
}
