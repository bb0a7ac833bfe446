import type { SocksProxy } from '../../net/connect-through.ts'
import type { Note } from './note.ts'

/** A destination for notes. */
export interface Channel {
  /** Sends the note once, without retry. Rejects when it was not accepted for everybody. */
  send(note: Note): Promise<void>
}

export interface ChannelOptions {
  /** The proxy for all traffic that leaves this machine. */
  socks: SocksProxy | null
  timeoutMs: number
}
