import { join } from 'node:path'

/**
 * The folder in which Node keeps compiled code. All processes that tests start share it: without
 * it each start compiles the same files again and takes twice as long.
 */
export const compileCache =
  process.env['NODE_COMPILE_CACHE'] ??
  join(import.meta.dirname, '../../node_modules/.cache/node-compile')
