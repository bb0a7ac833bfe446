import { join } from 'node:path'

/** What tor shares with ops, below TUMEN_TOR_DIR. Nothing in it reveals a connection. */
export interface SharedLayout {
  /** tor's SOCKS socket; the torrc names it too. */
  readonly socks: string
  /** File with the name of the onion that sources use. */
  readonly address: string
  /**
   * What ops asks of whoever runs tor: in a folder that both may write to, as tor lets nobody into
   * that of its socket.
   */
  readonly request: string
}

export function sharedLayoutOf(torDir: string): SharedLayout {
  return {
    socks: join(torDir, 'socks'),
    address: join(torDir, 'tips.onion'),
    request: join(torDir, 'requests', 'request'),
  }
}

/** The data directory of tor: keys, which are the address. */
export interface TorLayout {
  /** HiddenServiceDir of the sources' onion and of the ops onion. */
  readonly tips: string
  readonly ops: string
  /** `%include`d by the torrc. */
  readonly extra: string
}

export function torLayoutOf(dataDirectory: string): TorLayout {
  return {
    tips: join(dataDirectory, 'tips'),
    ops: join(dataDirectory, 'ops'),
    extra: join(dataDirectory, 'torrc.d'),
  }
}
