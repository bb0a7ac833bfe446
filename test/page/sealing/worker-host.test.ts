import { describe, expect, it } from 'vitest'
import type { RepliesState } from '../../../src/page/sealing/replies.ts'
import { keyringFiles, serveFiles, startSite } from './site.ts'

const unused = 'http://127.0.0.1:9'
const addFile = ({ sealer }: ReturnType<typeof startSite>) =>
  sealer.addFile(new File(['x'], 'x.txt'), { metadata: 'keep' }).prepared

describe('serveWorker', () => {
  it('checks the keyring before the rest of its code has come, and asks for that then', async () => {
    const asked: string[] = []
    const rest = Promise.withResolvers<void>()
    const loadRest = () => (asked.push('rest'), rest.promise)
    const site = startSite(unused, {}, { hasKeyring: false, loadRest })
    expect(asked).toEqual([])
    expect((await site.sealer.loadKeyring()).fingerprint).toHaveLength(8)
    expect(asked).toEqual(['rest'])
    const prepared = addFile(site)
    rest.resolve()
    expect(await prepared).toEqual({ metadata: 'kept', bytes: 1 })
    expect(asked).toEqual(['rest'])
  })

  it('says NOT_LOADED while the rest of its code cannot be loaded, and loads it later', async () => {
    let isGone = true
    const requests: string[] = []
    const serve = serveFiles(keyringFiles)
    const site = startSite(
      unused,
      { fetch: (url, init) => (requests.push(new URL(String(url)).pathname), serve(url, init)) },
      {
        hasKeyring: false,
        async loadRest() {
          if (isGone) throw new TypeError('404')
        },
      },
    )
    let state: RepliesState | null = null
    site.sealer.watchReplies((next) => void (state = next))
    await site.sealer.loadKeyring()
    await expect(addFile(site)).rejects.toMatchObject({ code: 'NOT_LOADED', fileId: null })
    isGone = false
    expect(await addFile(site)).toEqual({ metadata: 'kept', bytes: 1 })
    // The keyring that was checked meanwhile is known to the code that came late.
    await expect.poll(() => state?.isJudged).toBe(true)
    expect(requests.filter((path) => path === '/replies/index.json')).toHaveLength(1)
  })

  it('refuses a keyring that the root did not sign, and loads nothing for it', async () => {
    let loads = 0
    const files = { ...keyringFiles, '/keyring.json': '{}' }
    const loadRest = async () => void (loads += 1)
    const site = startSite(unused, { fetch: serveFiles(files) }, { hasKeyring: false, loadRest })
    await expect(site.sealer.loadKeyring()).rejects.toMatchObject({ code: 'KEYRING_UNTRUSTED' })
    expect(loads).toBe(0)
  })

  it('seals to no keyring that was not checked', async () => {
    const site = startSite(unused, {}, { hasKeyring: false })
    const { done } = site.sealer.send({ narrative: 'x' }, [], () => undefined)
    await expect(done).rejects.toMatchObject({ code: 'KEYRING_UNREACHABLE' })
  })
})
