import type { SocksProxy } from '../../net/connect-through.ts'
import type { Note } from './note.ts'

/** One place notes go to. */
export interface Channel {
  /** Once, with no second try. Rejects with anything when it was not taken. */
  send(note: Note): Promise<void>
}

export interface ChannelOptions {
  /** For everything that leaves this machine. */
  socks: SocksProxy | null
  timeoutMs: number
}
