import { startSealer } from '../sealing/start-sealer.ts'

/**
 * The first sealer. This is a file of its own, smaller and earlier than the app, because the code
 * of the worker and the keyring take longest: over Tor, each step to them costs about a second.
 */
export const firstSealer = startSealer()
