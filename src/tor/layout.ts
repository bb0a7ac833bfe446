import { join } from 'node:path'

/** Files that tor shares with ops, below TUMEN_TOR_DIR. Nothing in them reveals a connection. */
export interface SharedLayout {
  /** The SOCKS socket of tor; the torrc contains the same path. */
  readonly socks: string
  /** File with the name of the onion that sources use. */
  readonly address: string
  /**
   * The file in which ops leaves a request to the supervisor of tor. Its folder is writable for
   * both; tor does not allow others to write to the folder of its socket.
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

/**
 * Paths in the data directory of tor. It contains the onions' keys, which determine their
 * addresses.
 */
export interface TorLayout {
  /** The HiddenServiceDir of the sources' onion, and that of the ops onion. */
  readonly tips: string
  readonly ops: string
  /** The folder that the torrc includes with `%include`. */
  readonly extra: string
}

export function torLayoutOf(dataDirectory: string): TorLayout {
  return {
    tips: join(dataDirectory, 'tips'),
    ops: join(dataDirectory, 'ops'),
    extra: join(dataDirectory, 'torrc.d'),
  }
}
