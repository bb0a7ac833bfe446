import { createHmac, randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'

/**
 * A name for a circuit within this process: a digest under a key that only this process has and
 * that is lost when it ends.
 */
export type Circuit = string & { readonly isCircuit: unique symbol }

/** The name for all clients without a circuit, that is, for everything on the ordinary listener. */
export const SHARED = 'shared' as Circuit

// tor, HiddenServiceExportCircuitID haproxy: the circuit's number behind this prefix
const CIRCUIT_ADDRESS = /^fc00:dead:beef:4dad::[0-9a-f]{1,4}:[0-9a-f]{1,4}$/

const NAME_CHARS = 22

/**
 * Maps connections to circuits. Only tor's own addresses are used: a person's address, which
 * another proxy might put into the line, is dropped like everything else in it.
 */
export class Circuits {
  readonly #key = randomBytes(32)
  readonly #bySocket = new WeakMap<Socket, Circuit>()

  /** @param address the source in tor's PROXY line; null if the line has none */
  bind(socket: Socket, address: string | null): void {
    if (address !== null && CIRCUIT_ADDRESS.test(address))
      this.#bySocket.set(socket, this.#nameOf(address))
  }

  of(socket: Socket): Circuit {
    return this.#bySocket.get(socket) ?? SHARED
  }

  /**
   * Keeps addresses out of memory dumps: without the key, an attacker cannot even try the few
   * possible addresses.
   */
  #nameOf(address: string): Circuit {
    return createHmac('sha256', this.#key)
      .update(address)
      .digest('base64url')
      .slice(0, NAME_CHARS) as Circuit
  }
}
