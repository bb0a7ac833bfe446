import type { Socket } from 'node:net'
import { type Attack, ATTACKS, type AttackName } from './attacks.ts'
import { dial } from './onion.ts'

/**
 * The argument of an attacker, which runs in a process of its own. It ends when its parent closes
 * the message channel.
 */
export interface Assault {
  name: AttackName
  socketPath: string
  circuits: number
  /** The total number of connections; at least one for each circuit. */
  connections: number
  firstCircuit: number
}

/**
 * An attacker that is disconnected reconnects after this pause. Without the pause, the attacker
 * itself would use up the machine's CPU.
 */
const AGAIN_MS = 100
const DRIP_MS = 1000

function keepUp(attack: Attack, assault: Assault, circuit: number): void {
  const socket = dial(assault.socketPath, circuit)
  const drip =
    attack.drip === undefined
      ? undefined
      : setInterval(() => socket.write(attack.drip ?? ''), DRIP_MS)
  socket.on('error', () => {})
  socket.on('data', (bytes) => onAnswer(attack, socket, bytes))
  socket.on('close', () => {
    clearInterval(drip)
    setTimeout(() => keepUp(attack, assault, circuit), AGAIN_MS)
  })
  socket.write(attack.open())
}

function onAnswer(attack: Attack, socket: Socket, bytes: Buffer): void {
  const status = bytes.subarray(9, 12).toString('latin1')
  if (/^\d{3}$/.test(status)) statuses[status] = (statuses[status] ?? 0) + 1
  if (!attack.isRepeated) return
  // The intake closes the connection after this answer, so a further request on it would be lost.
  if (bytes.includes('Connection: close')) return
  if (bytes.subarray(0, 5).equals(Buffer.from('HTTP/')))
    setTimeout(() => socket.writable && socket.write(attack.open()), 1)
}

const statuses: Record<string, number> = {}
setInterval(() => process.send?.(statuses), 500)
const assault = JSON.parse(process.argv[2] ?? '{}') as Assault
for (let count = 0; count < assault.connections; count += 1) {
  keepUp(ATTACKS[assault.name], assault, assault.firstCircuit + (count % assault.circuits))
}
process.on('disconnect', () => process.exit(0))
