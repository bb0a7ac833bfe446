import { createHmac, randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'

/**
 * What stands for a circuit in this process: a digest under a key that nobody else has and that
 * dies with it.
 */
export type Circuit = string & { readonly isCircuit: unique symbol }

/** Whoever comes without a circuit: everything on the ordinary listener. */
export const SHARED = 'shared' as Circuit

// tor, HiddenServiceExportCircuitID haproxy: the circuit's number behind this prefix
const CIRCUIT_ADDRESS = /^fc00:dead:beef:4dad::[0-9a-f]{1,4}:[0-9a-f]{1,4}$/

const NAME_CHARS = 22

/**
 * Which connection came over which circuit. Only tor's own addresses count: that of a person,
 * which another proxy might put into the line, is dropped like everything else in it.
 */
export class Circuits {
  readonly #key = randomBytes(32)
  readonly #bySocket = new WeakMap<Socket, Circuit>()

  /** @param address the source in tor's PROXY line; null where it named none */
  bind(socket: Socket, address: string | null): void {
    if (address !== null && CIRCUIT_ADDRESS.test(address))
      this.#bySocket.set(socket, this.#nameOf(address))
  }

  of(socket: Socket): Circuit {
    return this.#bySocket.get(socket) ?? SHARED
  }

  /** A memory dump holds no address: without the key the few possible ones cannot even be tried. */
  #nameOf(address: string): Circuit {
    return createHmac('sha256', this.#key)
      .update(address)
      .digest('base64url')
      .slice(0, NAME_CHARS) as Circuit
  }
}
