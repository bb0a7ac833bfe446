/**
 * A preload for a test: `PLANT=src/store/fs-stage.ts:0` turns the first sync of that file into
 * nothing, in this process and in its threads. No product code knows of it.
 */
import { registerHooks } from 'node:module'
import { withoutSync } from './syncs.ts'

const [path = '', index = '0'] = (process.env['PLANT'] ?? '').split(':')

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (path === '' || !url.endsWith(`/${path}`)) return loaded
    return { ...loaded, source: withoutSync(String(loaded.source), Number(index)) }
  },
})
