import { afterEach, describe, expect, it, vi } from 'vitest'
import type { FromWorker, ToWorker } from '../../../src/page/sealing/protocol.ts'
import { SealingError } from '../../../src/page/sealing/sealer.ts'
import { connectSealer } from '../../../src/page/sealing/sealer-client.ts'
import type { SealingWorker } from '../../../src/page/sealing/sealer-client.ts'
import { trustOnly } from '../../../src/page/sealing/trusted-url.ts'

/** A worker that the test controls from the inside. */
function fakeWorker() {
  const target = new EventTarget()
  const posted: ToWorker[] = []
  let isEnded = false
  const worker = {
    postMessage: (message: ToWorker) => void posted.push(message),
    addEventListener: target.addEventListener.bind(target),
    terminate: () => void (isEnded = true),
  } as unknown as SealingWorker
  return {
    worker,
    posted,
    isEnded: () => isEnded,
    say: (data: FromWorker) =>
      void target.dispatchEvent(Object.assign(new Event('message'), { data })),
    die: (type = 'error') => {
      const event = new Event(type, { cancelable: true })
      target.dispatchEvent(event)
      return event.defaultPrevented
    },
  }
}

const tip = { narrative: 'x' }
const source = {
  rootKey: 'RW',
  fetchKeyring: async () => ({ bytes: new Uint8Array(1), signature: new Uint8Array(1) }),
}
const unreachable = new SealingError('KEYRING_UNREACHABLE', 'no network')

describe('connectSealer', () => {
  it.each(['error', 'messageerror'])(
    'rejects everything with BROKEN on %s, also what is asked later',
    async (type) => {
      const { worker, die, isEnded } = fakeWorker()
      const sealer = connectSealer(worker, source)
      const asked = [
        sealer.loadKeyring(),
        sealer.addFile(new File([], 'x'), { metadata: 'keep' }).prepared,
        sealer.send(tip, [], () => undefined).done,
      ]
      expect(die(type)).toBe(true)
      expect(isEnded()).toBe(true)
      for (const answer of [...asked, sealer.loadKeyring()])
        await expect(answer).rejects.toMatchObject({ code: 'BROKEN' })
    },
  )

  it('rejects everything with CANCELLED on close, and ends the worker', async () => {
    const { worker, isEnded } = fakeWorker()
    const sealer = connectSealer(worker, source)
    const answer = sealer.loadKeyring()
    sealer.close()
    expect(isEnded()).toBe(true)
    await expect(answer).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  it('passes the keyring on that the page fetches, and asks for it each time', async () => {
    const { worker, posted } = fakeWorker()
    const files = [1, 2].map((byte) => ({
      bytes: new Uint8Array([byte]),
      signature: new Uint8Array(2),
    }))
    const waiting = [...files]
    const fetchKeyring = async () => waiting.shift() ?? Promise.reject(unreachable)
    const sealer = connectSealer(worker, { rootKey: 'RW', fetchKeyring })
    for (const expected of files) {
      void sealer.loadKeyring()
      const message = { type: 'loadKeyring', files: expected, rootKey: 'RW' }
      await vi.waitFor(() => expect(posted.at(-1)).toMatchObject(message))
    }
    await expect(sealer.loadKeyring()).rejects.toBe(unreachable)
  })

  it('resolves each call with its own answer', async () => {
    const { worker, posted, say } = fakeWorker()
    const sealer = connectSealer(worker, source)
    const files = [1, 2].map((bytes) =>
      sealer.addFile(new File([], String(bytes)), { metadata: 'keep' }),
    )
    for (const { call } of [...posted].reverse())
      say({ type: 'prepared', call, file: { metadata: 'kept', bytes: call * 10 } })
    expect(await Promise.all(files.map(({ prepared }) => prepared))).toEqual(
      files.map(({ id }) => ({ metadata: 'kept', bytes: id * 10 })),
    )
  })

  it('passes on progress until it is cancelled', async () => {
    const { worker, posted, say } = fakeWorker()
    const onProgress = vi.fn()
    const sending = connectSealer(worker, source).send(tip, [], onProgress)
    const { call } = posted[0]!
    const progress = {
      phase: 'sending',
      doneBytes: 1,
      totalBytes: 2,
      bytesPerSecond: null,
      secondsLeft: null,
      interruptions: 0,
      problem: null,
    } as const
    say({ type: 'progress', call, progress })
    sending.cancel()
    say({ type: 'progress', call, progress })
    say({
      type: 'sent',
      call,
      sent: { receipt: '0'.repeat(64), words: 'none', indexes: [] },
    })
    await expect(sending.done).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(onProgress).toHaveBeenCalledTimes(1)
    expect(posted.map(({ type }) => type)).toEqual(['send', 'cancel'])
  })

  it('leaves no rejection of a file unhandled', async () => {
    const { worker, die } = fakeWorker()
    connectSealer(worker, source).addFile(new File([], 'x'), { metadata: 'keep' })
    die()
    await new Promise((resolve) => setImmediate(resolve))
  })
})

describe('trustOnly', () => {
  afterEach(() => void vi.unstubAllGlobals())

  it('creates the policy tumen, which accepts only its one URL', () => {
    const policies = new Map<string, { createScriptURL(url: string): unknown }>()
    vi.stubGlobal('trustedTypes', {
      createPolicy(name: string, rules: { createScriptURL(url: string): string }) {
        policies.set(name, rules)
        return { createScriptURL: (url: string) => `trusted:${rules.createScriptURL(url)}` }
      },
    })
    expect(trustOnly('/assets/worker-1.js')()).toBe('trusted:/assets/worker-1.js')
    expect([...policies.keys()]).toEqual(['tumen'])
    expect(() => policies.get('tumen')?.createScriptURL('/assets/worker-2.js')).toThrow(TypeError)
  })

  it('returns the plain URL without Trusted Types', () => {
    expect(trustOnly('/assets/worker-1.js')()).toBe('/assets/worker-1.js')
  })
})
